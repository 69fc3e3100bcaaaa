"""Applications as a given caller meets them."""

from fastapi import FastAPI

from schemas.access import Caller, Role

ARCHIVIST = Caller(Role.ARCHIVIST, "arhivar")
WITH_PURPOSE = Caller(Role.ARCHIVIST, "arhivar", purpose="archive")
JURIST = Caller(Role.JURIST, "jurist")
CLERK = Caller(Role.CLERK, "functionar", ("Primăria Exemplu",), ("Urbanism",))


class Noted:
    """An audit that remembers (role, name, action, subject, purpose)."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str]] = []

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        self.rows.append((caller.role.value, caller.name, action, subject, purpose))

    def within(self, caller: Caller, action: str):
        return lambda _transaction, subject: self.note(caller, action, subject)


def acting_as(app: FastAPI, caller: Caller) -> Noted:
    """Everybody who asks the application is this caller from now on; what is noted is returned."""
    app.state.identify = lambda _request: caller
    app.state.audit = noted = Noted()
    return noted
