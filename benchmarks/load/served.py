"""The application as `opis serve` runs it, with a member of staff known by a word in a header.

python -m benchmarks.load.served PORT ARCHIVE [PORT ARCHIVE]... (settings from the environment)
"""

import asyncio
import sys
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import uvicorn
from fastapi import FastAPI, Request

from flows.answering import answer_together, take_turns
from flows.portal import stores_of
from pipeline.ledger import open_ledger
from schemas.access import ANONYMOUS, Caller, Role
from schemas.settings import Settings, load_settings
from search.backend import open_backend
from search.web.application import create_app
from search.web.parts import Parts

STAFF = {"Authorization": "Bearer staff-of-the-benchmark"}
_STAFF = Caller(Role.ARCHIVIST, "benchmark", purpose="archive")


def identify(request: Request) -> Caller:
    """Staff by the header."""
    known = request.headers.get("authorization") == STAFF["Authorization"]
    return _STAFF if known else ANONYMOUS


def application(settings: Settings) -> FastAPI:
    """The application without pictures."""
    backend, ledger = open_backend(settings), open_ledger(settings)
    stores = stores_of(settings, ledger, backend)
    return create_app(Parts(settings, backend=backend, identify=identify, stores=stores))


def server(settings: Settings) -> uvicorn.Server:
    """A server as flows.serving configures it."""
    app = application(settings)
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False)
    return uvicorn.Server(config)


def answer(settings: Settings, listening: socket) -> None:
    """Answer on a socket until it is ended."""
    take_turns()
    server(settings).run(sockets=[listening])


def _listening(port: int) -> socket:
    # as flows.serving: an answer in two parts waits 40 ms for the caller where this is left out
    listening = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)
    listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


async def _together(pairs: list[tuple[Settings, socket]]) -> None:
    await asyncio.gather(*(server(settings).serve([sock]) for settings, sock in pairs))


def main() -> None:
    """Serve one archive as the settings say, or several in one process."""
    given = sys.argv[1:]
    pairs = [
        (load_settings({"archive": Path(archive)}), _listening(int(port)))
        for port, archive in zip(given[::2], given[1::2], strict=True)
    ]
    settings, listening = pairs[0]
    if len(pairs) > 1:
        asyncio.run(_together(pairs))
    elif settings.serve_workers > 1:
        answer_together(settings, listening, answer)
    else:
        answer(settings, listening)


if __name__ == "__main__":
    main()
