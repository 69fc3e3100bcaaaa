"""How a command is declared as data, and the options that many share."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """An argument or, with a `flag`, an option; required where there is no `default`."""

    name: str
    kind: Any
    help: str = ""
    flag: str = ""
    shown: str = ""
    least: int | None = None
    default: Any = ...
    shown_default: str | bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name (a group first), the function that does it, and what help says of it."""

    name: str
    function: str
    help: str
    example: str
    given: tuple[Given, ...] = ()


BY = Given(
    "by",
    str | None,
    "Cine hotărăște.",
    "--by",
    default=None,
    shown_default="contul din sistem",
)
NOTE = Given("note", str, "De ce, pe scurt.", "--note", default="", shown_default=False)
WHY = (NOTE, BY)
ITEM = Given("ident", str, "Din opis review list.", shown="ID")
UNIT = Given("unit", str, shown="UNITATE")
PAGE = Given("page", int, "Pagina în unitate.", shown="PAGINĂ", least=1)
