"""The checker on PDFs of all sorts: every bad redaction is caught, no good one is accused."""

import random

import pytest

from pipeline.privacy.redaction import check_redaction, page_reader
from schemas.geometry import Size
from schemas.settings import Settings
from schemas.text import PageText
from tests.pipeline.privacy import redaction_samples as samples
from tests.pipeline.privacy.redaction_bad import BAD
from tests.pipeline.privacy.redaction_good import GOOD

READER = page_reader(Settings())
QUICK = ("exif", "ours")
SOURCES = {**BAD, **GOOD}


def found(name, folder):
    path = SOURCES[name](folder / f"{name}.pdf")
    return check_redaction(path, samples.GONE, READER)


def told(findings):
    return " ".join(str(finding) for finding in findings)


@pytest.mark.parametrize("name", QUICK)
def test_some_of_each(name, tmp_path):
    assert bool(found(name, tmp_path)) == (name in BAD)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in BAD if name not in QUICK])
def test_bad_redaction_is_caught(name, tmp_path):
    findings = found(name, tmp_path)
    assert findings
    assert not any(part in told(findings) for part in ("Vasilescu", samples.CNP, "Crinului"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in GOOD if name not in QUICK])
def test_good_redaction_is_not_accused(name, tmp_path):
    assert found(name, tmp_path) == ()


def test_a_file_that_cannot_be_opened_is_no_proof(tmp_path):
    path = tmp_path / "bad.pdf"
    path.write_bytes(b"%PDF-1.7 not really")
    (finding,) = check_redaction(path, samples.GONE, READER)
    assert finding.code == "public-damaged"
    with pytest.raises(OSError, match="missing"):
        check_redaction(tmp_path / "missing.pdf", samples.GONE, READER)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ours", "inline_image", "burnt_fax", "hidden_layer"])
def test_a_damaged_file_is_looked_through_or_refused(name, tmp_path):
    """Whatever bytes are changed, nothing is raised; the eyes are closed, reading is not at issue."""
    data = SOURCES[name](tmp_path / f"{name}.pdf").read_bytes()
    draw, path = random.Random(name), tmp_path / "damaged.pdf"
    for changes in (1, 5, 40, 200):
        worse = bytearray(data)
        for _ in range(changes):
            at = draw.randrange(len(worse))
            worse[at : at + draw.choice((1, 1, 7))] = draw.randbytes(draw.choice((0, 1, 1, 9)))
        path.write_bytes(worse)
        check_redaction(path, samples.GONE, lambda _, dpi: PageText(Size(1, 1), dpi))
