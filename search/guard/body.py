"""Bodies of calls: read whole before work begins, and no more of them than is allowed."""

import asyncio
from collections.abc import Mapping

from starlette.types import Message, Receive

_SECONDS = 20.0


class BodyError(Exception):
    """The body is larger than allowed, or comes too slowly."""


async def received(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    """All of a body; raises BodyError beyond `most` bytes or 20 seconds."""
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or int(length[:18]) > most:
        raise BodyError
    if length == "0" and "transfer-encoding" not in headers:
        return b""
    try:
        return await asyncio.wait_for(_read(receive, most), _SECONDS)
    except TimeoutError as error:
        raise BodyError from error


async def _read(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyError
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyError
        if not message.get("more_body", False):
            return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A source that gives the body in one piece, then whatever else is received."""
    left = [body]

    async def again() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again
