"""An application on a real port, in a thread of the test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from tests.services.process import answers, free_port


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The application's address while it answers."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    while not answers(f"{address}/openapi.json"):
        assert thread.is_alive()
    yield address
    server.should_exit = True
    thread.join()
