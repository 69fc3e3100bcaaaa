"""A page whose attempt cost its process is tried otherwise, and the ladder has an end."""

import pytest

from flows.stages.reading import next_rung
from schemas.settings import Settings

LIMITS = ("process-died", "time-limit", "memory-limit")


def test_after_a_crash_the_engine_runs_apart() -> None:
    again = next_rung(Settings(), "process-died")
    assert again == Settings(engine="pytesseract")
    assert next_rung(again, "process-died") is None


@pytest.mark.parametrize("limit", ["time-limit", "memory-limit"])
def test_what_takes_too_much_is_read_from_a_coarser_picture(limit: str) -> None:
    again = next_rung(Settings(reading_dpi=240), limit)
    assert again == Settings(reading_dpi=120)
    assert next_rung(again, limit) == Settings(reading_dpi=100)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("engine", ["opis", "tesserocr", "pytesseract"])
def test_the_ladder_ends_whatever_goes_wrong(engine: str, limit: str) -> None:
    settings, rungs = Settings(engine=engine, reading_dpi=600), 0
    while (after := next_rung(settings, limit)) is not None:
        assert after != settings
        settings, rungs = after, rungs + 1
        limit = LIMITS[rungs % len(LIMITS)] if rungs < 9 else limit
    assert rungs <= 4
