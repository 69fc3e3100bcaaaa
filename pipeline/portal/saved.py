"""Searches that accounts keep."""

import secrets

import msgspec
from sqlalchemy import RowMapping, delete, func, insert, select

from pipeline.ledger import Ledger
from pipeline.ledger.engine import one_writer
from pipeline.portal.tables import saved_searches
from pipeline.units import now
from schemas.errors import InputError
from schemas.portal import SavedSearch

MOST_SAVED = 100


class SavedSearches:
    """The searches of every account; each reaches its own alone."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, account: str) -> tuple[SavedSearch, ...]:
        """An account's searches in the order in which they were kept."""
        query = select(saved_searches).where(saved_searches.c.account == account)
        with self._ledger.reading() as connection:
            rows = connection.execute(query.order_by(saved_searches.c.seq)).mappings().all()
        return tuple(_saved(row) for row in rows)

    def add(self, account: str, name: str, query: str, filters: dict[str, str]) -> SavedSearch:
        """Keep a search; raises InputError saved-full beyond a hundred."""
        made = SavedSearch(secrets.token_hex(6), name, query, filters, now())
        mine = saved_searches.c.account == account
        with self._ledger.writing() as connection:
            one_writer(connection, "saved searches")
            count = select(func.count()).select_from(saved_searches).where(mine)
            if (connection.scalar(count) or 0) >= MOST_SAVED:
                raise InputError("saved-full")
            connection.execute(
                insert(saved_searches).values(
                    id=made.id,
                    account=account,
                    name=name,
                    query=query,
                    filters=msgspec.json.encode(filters, order="sorted").decode(),
                    created=made.created,
                )
            )
        return made

    def remove(self, account: str, ident: str) -> bool:
        """Forget one of the account's searches; whether there was one."""
        table = saved_searches
        mine = (table.c.account == account) & (table.c.id == ident)
        with self._ledger.writing() as connection:
            return connection.execute(delete(table).where(mine)).rowcount == 1


def _saved(row: RowMapping) -> SavedSearch:
    filters = msgspec.json.decode(row["filters"], type=dict[str, str])
    return SavedSearch(row["id"], row["name"], row["query"], filters, row["created"])
