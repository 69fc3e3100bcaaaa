"""Every test that docs/security.md names exists, and every role and purpose is told of."""

import re
from pathlib import Path

from schemas.access import Role
from search.access.rights import PURPOSES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 20
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_item_of_the_top_ten_names_a_test():
    rows = re.findall(r"^\| (API\d+) .*$", TEXT, re.MULTILINE)
    assert rows == [f"API{n}" for n in range(1, 11)]
    for row in re.findall(r"^\| (?:API|V)\d.*$", TEXT, re.MULTILINE):
        assert "::" in row, row


def test_every_role_and_purpose_is_told_of():
    for word in (*(role.value for role in Role if role is not Role.ANONYMOUS), *PURPOSES):
        assert f"`{word}`" in TEXT, word
