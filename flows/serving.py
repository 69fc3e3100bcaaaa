"""`opis serve`: the search room's application with page images rendered from the originals."""

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from ipaddress import ip_address

import uvicorn

from flows.archive import need_archive
from flows.pool import LimitError, Pool
from flows.publication.tasks import DRAW_COPY, CopyDrawing
from flows.stages.tasks import DRAW, Drawing
from schemas.errors import InputError, PageFailedError
from schemas.messages import say
from schemas.settings import Settings
from schemas.sources import FileKind
from search.api import PagePicture, create_app
from search.backend import open_backend
from search.copies import Copies
from search.documents import Documents, FoundPage
from search.finding import page_boxes

_PLAIN_WIDTH = 1240
"""Pixels of a page that shows no word."""


def _drawing(settings: Settings, found: FoundPage, highlight: str) -> Drawing:
    unit, page = found.unit, found.page
    original = next(one for one in unit.originals if one.name == page.source)
    boxes = page_boxes(settings, unit.id, page.page, highlight) if highlight else ()
    return Drawing(
        unit=settings.layout.unit(unit.id),
        page=page.page,
        original=page.source,
        kind=FileKind(original.kind),
        frame=page.frame,
        boxes=boxes,
        settings=settings,
        half=page.half,
        cut=original.cut_at(page.frame),
    )


def page_pictures(settings: Settings, pool: Pool) -> Callable[[str, str], PagePicture]:
    """A function from a page's id and a query to the picture with the query's words marked."""
    documents = Documents(settings, open_backend(settings))

    def picture(page_id: str, highlight: str) -> PagePicture:
        task = _drawing(settings, documents.page(page_id), highlight)
        try:
            data = pool.start(DRAW, task, seconds=settings.page_seconds).result()
        except (LimitError, PageFailedError) as error:
            raise InputError("page-missing", page_id) from error
        return PagePicture(data, "image/jpeg", sha256(data).hexdigest()[:32])

    return picture


def public_pictures(settings: Settings, pool: Pool) -> Callable[[str, str], PagePicture]:
    """The same from public copies: nothing but their own PDF is opened."""
    copies = Copies(settings, open_backend(settings))

    def picture(page_id: str, highlight: str) -> PagePicture:
        found, page = copies.page(page_id)
        text = copies.text(found, page)
        width = text.size.width if text else _PLAIN_WIDTH
        boxes = copies.boxes(found, page, highlight)
        task = CopyDrawing(found.pdf, found.record.pages.index(page), width, boxes)
        try:
            data = pool.start(DRAW_COPY, task, seconds=settings.page_seconds).result()
        except (LimitError, PageFailedError, OSError) as error:
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


def plain_teller(settings: Settings, quiet: bool) -> Callable[[str], None]:
    """The address in sentences on stderr, that it is for staff only first; or silence."""
    language = settings.interface_language

    def tell(address: str) -> None:
        if not quiet:
            sys.stderr.write(say("on_start_staff", language) + "\n")
            sys.stderr.write(say("serving", language, address=address) + "\n")
            sys.stderr.flush()

    return tell


def serve(settings: Settings, *, allow_network: bool, tell: Callable[[str], None]) -> None:
    """Serve until interrupted; refuses an address that is not loopback unless it is allowed.

    `tell` gets the address once the socket is ours.
    """
    need_archive(settings)
    if not allow_network and not _is_loopback(settings.host):
        raise InputError("address-not-loopback", settings.host)
    with _listen(settings) as listening, Pool(settings, workers=1) as pool:
        app = create_app(settings, page_pictures(settings, pool), public_pictures(settings, pool))
        host, port = listening.getsockname()[:2]
        tell(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        with suppress(KeyboardInterrupt):  # how a server is meant to end
            uvicorn.Server(config).run(sockets=[listening])
