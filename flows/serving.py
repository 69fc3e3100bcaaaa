"""`opis serve`: the search room's application with page images rendered from the originals."""

import socket
import sys
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_address

import uvicorn
from search.api import PagePicture, create_app

from flows.commands.keeping import need_archive
from flows.pool import LimitError, Pool
from flows.tasks import DRAW, Drawing
from pipeline import units
from schemas.errors import InputError, PageFailedError
from schemas.layout import UnitLayout
from schemas.messages import say
from schemas.records import Page
from schemas.settings import Settings
from schemas.sources import FileKind
from search.backend import open_backend
from search.finding import locate_document, page_boxes

_CACHED = 64


def _place(settings: Settings, page_id: str) -> tuple[UnitLayout, Page, FileKind]:
    document, _, number = page_id.rpartition(".")
    backend = open_backend(settings)
    try:
        ident = locate_document(settings, backend, document)
    finally:
        backend.close()
    if ident is None or not number.isdigit():
        raise InputError("page-missing", page_id)
    layout = settings.layout.unit(ident)
    unit = units.read_record(layout)
    page = next((p for p in unit.pages_of(document) if p.document_page == int(number)), None)
    kinds = {original.name: FileKind(original.kind) for original in unit.originals}
    if page is None:
        raise InputError("page-missing", page_id)
    return layout, page, kinds[page.source]


def page_pictures(settings: Settings, pool: Pool) -> Callable[[str, str], PagePicture]:
    """A function from a page's id and a query to the picture with the query's words marked."""

    @lru_cache(maxsize=_CACHED)
    def picture(page_id: str, highlight: str) -> PagePicture:
        layout, page, kind = _place(settings, page_id)
        boxes = page_boxes(settings, layout.id, page.page, highlight) if highlight else ()
        task = Drawing(layout, page.page, page.source, kind, page.frame, boxes, settings)
        try:
            data = pool.start(DRAW, task, seconds=settings.page_seconds).result()
        except (LimitError, PageFailedError) as error:
            raise InputError("page-missing", page_id) from error
        return PagePicture(data, "image/jpeg", sha256(data).hexdigest()[:32])

    return picture


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(settings: Settings) -> socket.socket:
    """A socket that is ours before anything is promised; raises InputError port-taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise InputError("port-taken", str(settings.port)) from error
    return listening


def serve(settings: Settings, *, allow_network: bool, quiet: bool) -> None:
    """Serve until interrupted; refuses an address that is not loopback unless it is allowed."""
    need_archive(settings)
    if not allow_network and not _is_loopback(settings.host):
        raise InputError("address-not-loopback", settings.host)
    language = settings.interface_language
    with _listen(settings) as listening, Pool(settings, workers=1) as pool:
        app = create_app(settings, page_pictures(settings, pool))
        host, port = listening.getsockname()[:2]
        address = f"http://{host}:{port}/"
        if not quiet:
            sys.stderr.write(say("on_start_staff", language) + "\n")
            sys.stderr.write(say("serving", language, address=address) + "\n")
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])
