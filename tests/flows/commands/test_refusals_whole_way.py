"""Errors of every command: codes, exit codes, remedies, and what is never printed."""

import pytest

from tests.flows.opis_command import Place, fails

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(whole_way):
    return whole_way[0]


def test_sources_that_are_missing_or_ambiguous(small_place):
    error = fails(small_place.run("scan-batch", "nimic", "--json"), "source-missing", 4)
    assert error["file"] == "nimic"
    fails(small_place.run("plan", "nimic", "--json"), "source-missing", 4)
    mixed = small_place.root / "amestec"
    (mixed / "sub").mkdir(parents=True)
    png = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 40
    (mixed / "p.png").write_bytes(png)
    (mixed / "sub" / "q.png").write_bytes(png)
    alone = small_place.run("scan-batch", "amestec", "--json")
    assert (alone.code, alone.json["error"]["code"]) == (4, "ambiguous-folder")
    assert not list(small_place.archive.glob("stations/*/quarantine/*"))
    among = small_place.run("scan-batch", "amestec", "small/pdf.pdf", "--json")
    assert among.code == 3
    assert {q["code"] for q in among.json["quarantined"]} == {"ambiguous-folder"}
    assert len(among.json["units"]) == 1
    assert (mixed / "p.png").read_bytes() == png


def test_usage_errors_have_a_suggestion(place):
    done = place.run("scan-batch", "binders", "--workrs", 2)
    assert done.code == 2
    assert "--workers" in done.err
    assert done.out == ""
    fails(place.run("scan-batch", "binders", "--workrs", 2, "--json"), "usage", 2)
    typo = place.run("serch", "x")
    assert typo.code == 2
    assert "search" in typo.err
    assert place.run("search", "x", "--limit", 0).code == 2
    assert place.run("scan-batch").code == 2
    assert place.run().code in {0, 2}


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("search", "x"),
        ("show", "x"),
        ("verify",),
        ("reindex",),
        ("report",),
        ("ledger", "rebuild"),
    ],
)
def test_without_an_archive_every_command_says_so(tmp_path, command):
    done = Place(tmp_path).run(*command, "--json")
    fails(done, "archive-missing", 4)
    assert not (tmp_path / "archive").exists()


def test_settings_that_cannot_be_used(own_archive):
    toml = own_archive.archive / "opis.toml"
    toml.write_text("reading_dpi = \n", encoding="utf-8")
    error = fails(own_archive.run("status", "--json"), "settings-unreadable", 4)
    assert error["file"] == "opis.toml"
    toml.write_text("culoare = 1\n", encoding="utf-8")
    fails(own_archive.run("status", "--json"), "setting-unknown", 2)
    toml.write_text('reading_dpi = "mult"\n', encoding="utf-8")
    fails(own_archive.run("status", "--json"), "setting-invalid", 2)
    toml.write_bytes(b"\xff\xfe")
    fails(own_archive.run("status", "--json"), "settings-unreadable", 4)


def test_a_service_that_does_not_answer(place):
    dead = {"OPIS_ELASTICSEARCH_URL": "http://utilizator:secret@127.0.0.1:9"}
    done = place.run("search", "hotărâre", "--json", **dead)
    fails(done, "elasticsearch-unreachable", 5)
    assert "secret" not in done.out + done.err
    dead = {"OPIS_LEDGER_URL": "postgresql+psycopg://opis:secret@127.0.0.1:9/opis"}
    done = place.run("status", "--json", **dead)
    fails(done, "ledger-unreachable", 5)
    assert "secret" not in done.out + done.err


def test_an_archive_that_is_a_file_cannot_be_used(small_place):
    small_place.archive.write_bytes(b"")
    for command in (("scan-batch", "small"), ("status",), ("search", "x"), ("verify",)):
        done = small_place.run(*command, "--json")
        assert done.code == 4, (command, done.out, done.err)
        assert done.json["error"]["remedy"]


def test_names_with_control_characters_are_spelled_out(small_place):
    (small_place.root / "rau\x1b[31m\n.pdf").write_bytes(b"nu e pdf")
    done = small_place.run("scan-batch", "rau\x1b[31m\n.pdf")
    assert done.code == 3
    status = small_place.run("status")
    for text in (done.out, done.err, status.out):
        assert "\x1b" not in text
    assert "\\x1b[31m" in done.out


def test_neither_absolute_paths_nor_tracebacks_are_printed(place, tmp_path):
    commands = [
        ("status",),
        ("search", "hotărâre"),
        ("show", place.units[0].name),
        ("verify",),
        ("plan", "binders"),
        ("scan-batch", "nimic"),
        ("show", "nimic123"),
    ]
    for command in commands:
        for more in ((), ("--json",)):
            done = place.run(*command, *more)
            assert str(place.root) not in done.out + done.err, command
            assert "Traceback" not in done.err
            assert "\x1b" not in done.out


def test_english(place):
    done = place.run("status", OPIS_INTERFACE_LANGUAGE="en")
    assert done.code == 0
    assert "unități" not in done.out
    missing = place.run("show", "nimic123", OPIS_INTERFACE_LANGUAGE="en")
    assert "archive" in missing.err
    assert "arhivă" not in missing.err


def test_quiet_keeps_errors_only(place):
    for command in (("status",), ("verify",), ("search", "hotărâre"), ("doctor",)):
        done = place.run(*command, "--quiet")
        assert (done.out, done.err) == ("", ""), command
    assert place.run("show", "nimic123", "--quiet").err
