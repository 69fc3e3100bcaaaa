"""`opis serve`: the search room's application with page images rendered from the originals."""

import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from hashlib import sha256
from ipaddress import ip_address

import uvicorn

from flows.access import access_of
from flows.answering import answer_together, take_turns
from flows.archive import need_archive
from flows.commands.access.accounts import first_admin
from flows.pool import LimitError, Pool
from flows.portal import log_calls, stores_of
from flows.publication.tasks import DRAW_COPY, CopyDrawing
from flows.stages.tasks import DRAW, Drawing
from pipeline.accounts.people import has_admin
from pipeline.ledger import open_ledger
from schemas.errors import InputError, PageFailedError
from schemas.messages import say
from schemas.settings import Settings
from schemas.sources import FileKind
from search.backend import Backend, open_backend
from search.finding import page_boxes
from search.web.application import create_app
from search.web.parts import PagePicture, PageRenderer, Parts
from search.web.views.copies import Copies
from search.web.views.documents import Documents, FoundPage

_PLAIN_WIDTH = 1240
"""Pixels of a page that shows no word."""


def _drawing(settings: Settings, found: FoundPage, highlight: str) -> Drawing:
    unit, page = found.unit, found.page
    original = next((one for one in unit.originals if one.name == page.source), None)
    if original is None:
        raise InputError("page-missing", found.id)
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


def page_pictures(settings: Settings, pool: Pool, backend: Backend) -> PageRenderer:
    """A function from a page's id and a query to the picture with the query's words marked."""
    documents = Documents(settings, backend)

    def picture(page_id: str, highlight: str) -> PagePicture:
        task = _drawing(settings, documents.page(page_id), highlight)
        try:
            data = pool.start(DRAW, task, seconds=settings.page_seconds).result()
        except (LimitError, PageFailedError) as error:
            raise InputError("page-missing", page_id) from error
        return PagePicture(data, "image/jpeg", sha256(data).hexdigest()[:32])

    return picture


def public_pictures(settings: Settings, pool: Pool, backend: Backend) -> PageRenderer:
    """The same from public copies: nothing but their own PDF is opened."""
    copies = Copies(settings, backend)

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
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise InputError("port-taken", str(settings.port)) from error
    return listening


def plain_teller(settings: Settings, quiet: bool) -> Callable[[str], None]:
    """The address in sentences on stderr, and who sees what there; or silence."""
    language = settings.interface_language

    def tell(address: str) -> None:
        if not quiet:
            who = "on_start_staff" if _has_admin(settings) else "on_start_closed"
            sys.stderr.write(say(who, language) + "\n")
            sys.stderr.write(say("serving", language, address=address) + "\n")
            sys.stderr.flush()

    return tell


def _has_admin(settings: Settings) -> bool:
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        return has_admin(connection)


def _make_admin(settings: Settings) -> None:
    """The first administrator; a password that was made here is shown on stderr, once."""
    name, made = first_admin(settings)
    language = settings.interface_language
    sys.stderr.write(say("account_added", language, name=name) + "\n")
    if made:
        sys.stderr.write(say("password_once", language, password=made) + "\n")
    sys.stderr.flush()


def serve(
    settings: Settings, *, allow_network: bool, tell: Callable[[str], None], init: bool = False
) -> None:
    """Serve until interrupted; refuses an address that is not loopback unless it is allowed.

    `tell` gets the address once the socket is ours; `init` makes the first administrator before.
    """
    need_archive(settings)
    if not allow_network and not _is_loopback(settings.host):
        raise InputError("address-not-loopback", settings.host)
    open_ledger(settings).close()  # what is wrong with it is told before any address
    if init:
        _make_admin(settings)
    with _listen(settings) as listening:
        host, port = listening.getsockname()[:2]
        tell(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
        if settings.serve_workers > 1:
            answer_together(settings, listening, answer)
        else:
            answer(settings, listening)


def answer(settings: Settings, listening: socket.socket) -> None:
    """Answer on a socket until SIGTERM or SIGINT."""
    log_calls(settings)
    take_turns()
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(settings, workers=1))
        ledger = stack.enter_context(open_ledger(settings))
        backend = open_backend(settings)
        stack.callback(backend.close)
        access = stack.enter_context(access_of(settings, ledger))
        parts = Parts(
            settings,
            page_pictures(settings, pool, backend),
            public_pictures(settings, pool, backend),
            backend,
            stores=stores_of(settings, ledger, backend),
            accounts=access.accounts,
            provider=access.provider,
            audit=access.audit,
        )
        # Who calls is told by proxies that the setting trusts, which the application looks at itself.
        config = uvicorn.Config(
            create_app(parts),
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        with suppress(KeyboardInterrupt):  # how a server is meant to end
            uvicorn.Server(config).run(sockets=[listening])
