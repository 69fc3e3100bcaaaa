"""Commands of accounts, keys and the audit chain, declared as data."""

from pathlib import Path

from flows.commands.declaring import BY, Command, Given

_HERE = "flows.commands.access"
_NAME = Given("name", str, "Numele de utilizator.", shown="UTILIZATOR")
_KEY = Given("ident", str, "Din opis keys list.", shown="CHEIE")
_ROLES = "clerk, archivist, jurist, auditor, management, operator sau admin."


def _many(name: str, meaning: str) -> Given:
    shown = "fără limită"
    return Given(name, list[str] | None, meaning, f"--{name}", default=None, shown_default=shown)


def _yes(name: str, meaning: str) -> Given:
    flag = f"--{name.replace('_', '-')}"
    return Given(name, bool, meaning, flag, default=False, shown_default=False)


_BOUNDS = (
    _many("institution", "Instituția; de câte ori e nevoie."),
    _many("department", "Compartimentul; de câte ori e nevoie."),
    _many("station", "Stația; de câte ori e nevoie."),
)
ACCESS = (
    Command(
        "accounts list",
        f"{_HERE}.accounts:list_accounts",
        "Utilizatorii, cu rolul și limitele lor.",
        "opis accounts list",
    ),
    Command(
        "accounts add",
        f"{_HERE}.accounts:add",
        "Un utilizator nou; parola se cere, se citește de la intrare sau se face și se arată o dată.",
        "opis accounts add ioana --role archivist",
        (_NAME, Given("role", str, _ROLES, "--role"), *_BOUNDS, BY),
    ),
    Command(
        "accounts change",
        f"{_HERE}.accounts:change",
        "Schimbă ce se dă; cine era autentificat se autentifică din nou.",
        "opis accounts change ioana --role jurist",
        (
            _NAME,
            Given("role", str | None, _ROLES, "--role", default=None),
            *_BOUNDS,
            _yes("close", "Contul nu mai poate fi folosit."),
            _yes("reopen", "Contul poate fi folosit din nou."),
            _yes("new_password", "O parolă nouă."),
            BY,
        ),
    ),
    Command(
        "accounts remove",
        f"{_HERE}.accounts:remove",
        "Șterge utilizatorul; jurnalul de audit rămâne.",
        "opis accounts remove ioana",
        (_NAME, BY),
    ),
    Command(
        "keys list",
        f"{_HERE}.keys:list_keys",
        "Cheile programelor: drepturi, termen, ultima folosire.",
        "opis keys list",
    ),
    Command(
        "keys add",
        f"{_HERE}.keys:add",
        "O cheie nouă; se arată o singură dată.",
        "opis keys add portal --role portal --days 365",
        (
            Given("name", str, "A cui este.", shown="NUME"),
            Given("role", str, "portal sau station.", "--role", default="portal"),
            _many("scope", "Ce poate face: search, view, changes, request, deliver."),
            _many("station", "Stația, pentru o cheie de stație."),
            Given("days", int, "Zile până expiră; 0: niciodată.", "--days", least=0, default=365),
            BY,
        ),
    ),
    Command(
        "keys rotate",
        f"{_HERE}.keys:rotate",
        "O cheie nouă în locul uneia, care mai ține câteva zile.",
        "opis keys rotate k7w2m9qx --overlap 7",
        (
            _KEY,
            Given("overlap", int, "Zile în care ține și cea veche.", "--overlap", least=0, default=7),
            BY,
        ),
    ),
    Command(
        "keys revoke",
        f"{_HERE}.keys:revoke",
        "Cheia nu mai este valabilă, de acum.",
        "opis keys revoke k7w2m9qx",
        (_KEY, BY),
    ),
    Command(
        "audit verify",
        f"{_HERE}.auditing:verify_chain",
        "Arată dacă jurnalul de audit a fost schimbat, scurtat, tăiat sau rescris.",
        "opis audit verify",
        (
            Given(
                "public_key", Path | None, "Cheia publică păstrată în altă parte.", "--public-key",
                default=None, shown_default="cheia arhivei",
            ),
        ),
    ),
    Command(
        "audit list",
        f"{_HERE}.auditing:list_entries",
        "Cele mai noi intrări ale jurnalului de audit.",
        "opis audit list --action release",
        (
            Given("who", str | None, "Cine: numele sau account-N.", "--who", default=None),
            Given("action", str | None, "Ce: view, search, release, login …", "--action", default=None),
            Given("subject", str | None, "Despre ce: începutul ID-ului.", "--subject", default=None),
            Given("limit", int, "Câte intrări.", "--limit", least=1, default=50),
        ),
    ),
    Command(
        "audit export",
        f"{_HERE}.auditing:export",
        "Scrie tot jurnalul de audit într-un fișier nou (JSON Lines).",
        "opis audit export jurnal.jsonl",
        (Given("out", Path, "Fișierul nou.", shown="FIȘIER"), BY),
    ),
    Command(
        "audit anchor",
        f"{_HERE}.auditing:anchor",
        "Semnează acum capătul jurnalului de audit; serve o face singur, din oră în oră.",
        "opis audit anchor",
    ),
    Command(
        "audit rotate",
        f"{_HERE}.auditing:rotate_key",
        "O cheie nouă semnează jurnalul de audit; ce a semnat cea veche se verifică mai departe.",
        "opis audit rotate",
        (BY,),
    ),
)  # fmt: skip
