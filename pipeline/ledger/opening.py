"""Opening a ledger: a current one costs no Alembic, a new or older one is brought up to date."""

from importlib import import_module

from sqlalchemy import Engine, text

from pipeline.ledger.engine import ledger_file, ledger_url, make_engine, transaction
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.tables import REVISION
from pipeline.units import all_units
from schemas.durable import make_folder, sync_folder
from schemas.errors import InputError
from schemas.settings import Settings


def open_ledger(settings: Settings, *, create: bool = True) -> Ledger:
    """The archive's ledger, to be closed by `with`.

    Raises InputError archive-missing (none yet and `create` is False), archive-unusable,
    ledger-lost (there are units and no ledger), ledger-newer, ledger-damaged, ledger-busy;
    ServiceError ledger-unreachable; UsageError setting-invalid.
    """
    engine = _engine(settings, create=create)
    try:
        revision = _revision(engine)
        if revision is None:
            _refuse_lost(settings, create=create)
        return _current(engine, settings, revision)
    except BaseException:
        engine.dispose()
        raise


def open_for_rebuild(settings: Settings) -> Ledger:
    """The archive's ledger, or an empty one beside the units that it is to learn of."""
    engine = _engine(settings, create=True)
    try:
        return _current(engine, settings, _revision(engine))
    except BaseException:
        engine.dispose()
        raise


def _engine(settings: Settings, *, create: bool) -> Engine:
    url = ledger_url(settings)
    file = ledger_file(url)
    if file is not None and not file.exists():
        if not create:
            _refuse_lost(settings, create=False)
        try:
            make_folder(file.resolve().parent)
        except OSError as error:
            raise InputError("archive-unusable", str(settings.archive), why=error) from error
    return make_engine(url)


def _refuse_lost(settings: Settings, *, create: bool) -> None:
    if next(all_units(settings), None) is not None:
        raise InputError("ledger-lost", str(settings.archive))
    if not create:
        raise InputError("archive-missing", str(settings.archive))


def _revision(engine: Engine) -> str | None:
    with transaction(engine, write=False) as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def _current(engine: Engine, settings: Settings, revision: str | None) -> Ledger:
    if revision is not None and revision > REVISION:
        raise InputError("ledger-newer", str(settings.archive))
    if revision != REVISION:
        _upgrade(engine)
        file = ledger_file(engine.url)
        if file is not None:
            sync_folder(file.resolve().parent)
    return Ledger(engine, settings)


def _upgrade(engine: Engine) -> None:
    # Alembic costs half a second to load, and a ledger that is up to date never needs it.
    import_module("pipeline.ledger.upgrade").upgrade(engine)
