"""Every command, option, setting, exit code and reason is documented, in both languages."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest
import typer

from cli import app
from docs import generate
from schemas import errors
from schemas.messages import LANGUAGES, table
from schemas.settings import options

ROOT = Path(__file__).parents[1]
LONGEST = 200
CEDILLAS = re.compile("[şţŞŢ]")
EXIT_CODES = {"0", "1", "2", "3", "4", "5", "130"}
CLASSES = {"W", "Q", "R", "A", "N", "-"}
SOURCES = tuple(
    path
    for room in ("schemas", "scanners", "pipeline", "search", "flows")
    for path in sorted((ROOT / room).rglob("*.py"))
)


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def commands(group, before=""):
    """Every command with its full name, groups opened."""
    for name, command in sorted(group.commands.items()):
        full = f"{before}{name}"
        if hasattr(command, "commands"):
            yield from commands(command, f"{full} ")
        else:
            yield full, command


ALL = dict(commands(typer.main.get_command(app)))
COMMON = {"--archive", "--json", "--quiet", "--debug", "--help"}


def section(name):
    """What docs/commands.md says of a command, its heading first."""
    parts = re.split(r"^## ", page("commands.md"), flags=re.MULTILINE)
    found = [part for part in parts[1:] if re.match(rf"{name}(?![a-z-])", part)]
    assert len(found) == 1, name
    return found[0]


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_is_described(name):
    text = section(name)
    for parameter in ALL[name].params:
        for option in parameter.opts:
            if option.startswith("--") and option not in COMMON:
                assert option in text, option
    head = page("commands.md").split("\n## ")[0]
    assert all(option in head for option in COMMON - {"--help"})


@pytest.mark.parametrize("name", ALL)
def test_every_command_takes_the_common_options_and_helps_with_an_example(name):
    given = {option for parameter in ALL[name].params for option in parameter.opts}
    assert given >= COMMON - {"--help"}
    assert f"opis {name}" in ALL[name].help
    assert all(p.help for p in ALL[name].params if isinstance(p, typer.core.TyperOption))


def test_no_command_is_described_that_does_not_exist():
    heads = re.findall(r"^## ([a-z][a-z -]*[a-z])", page("commands.md"), re.MULTILINE)
    assert {head for head in heads if head in ALL} == set(ALL)
    assert len(heads) == len(ALL)


def test_settings_and_errors_pages_are_those_of_the_tables():
    assert page("settings.md") == generate.settings_page()
    assert page("errors.md") == generate.errors_page()


def test_every_setting_is_in_its_page():
    text = page("settings.md")
    for option in options():
        assert f"`{option.name}`" in text
        assert f"`{option.environment}`" in text
        assert option.meaning


def test_every_exit_code_is_in_its_page():
    of_errors = {
        str(kind.exit_code)
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.OpisError)
    }
    told = set(re.findall(r"^\| (\d+) \|", page("errors.md"), re.MULTILINE))
    assert of_errors < told == EXIT_CODES


def leaves(value, path=()):
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from leaves(inner, (*path, key))
        else:
            yield (*path, key), inner


def fields(text):
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def test_both_tables_have_the_same_keys_and_the_same_gaps_to_fill():
    romanian, english = (dict(leaves(table(language))) for language in LANGUAGES)
    only_romanian = {key for key in romanian if key[0] == "plural" and key[-1] == "other"}
    plain = {key for key in romanian if key[0] != "label"} - only_romanian
    assert plain == {key for key in english if key[0] != "label"} - only_romanian
    for key in sorted(plain):
        assert fields(romanian[key]) == fields(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_cause_remedy_and_class(language):
    for code, entry in table(language)["reason"].items():
        assert entry.keys() == {"class", "cause", "remedy"}, code
        assert entry["class"] in CLASSES, code
        assert 0 < len(entry["cause"]) <= LONGEST, code
        assert 0 < len(entry["remedy"]) <= LONGEST, code
        assert re.fullmatch(r"[a-z0-9-]+", code)


def test_romanian_is_written_as_romanian_is():
    for key, text in leaves(table("ro")):
        assert not CEDILLAS.search(text), key
        shown = re.sub(r'opis search "cuvinte"', "", text)
        assert '"' not in shown, key
        assert "'" not in shown, key


def test_every_code_that_is_raised_has_its_sentence():
    known = table("ro")["reason"]
    raised = set()
    pattern = re.compile(
        r"(?:InputError|AccessError|UsageError|ServiceError|RefusedError|PageFailedError|OpisError|Finding|Refusal)"
        r'\(\s*(?:[a-z_.]+, )?"([a-z0-9-]+)"'
    )
    for path in (*SOURCES, ROOT / "cli.py"):
        raised |= set(pattern.findall(path.read_text(encoding="utf-8")))
    assert len(raised) > 30
    assert raised <= known.keys(), raised - known.keys()


def test_every_sentence_that_is_said_exists():
    known = table("ro")["say"]
    said = set()
    for path in (*SOURCES, ROOT / "cli.py"):
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\(\s*"([a-z_]+)"', text))
    assert len(said) > 30
    assert said <= known.keys(), said - known.keys()


def test_the_messages_are_shipped():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "*.toml" in pyproject["tool"]["setuptools"]["package-data"]["*"]
