"""Calls over plain sockets: so cheap that it is the server that is measured."""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """Calls answered: seconds of each that was answered well, and how many were refused or failed."""

    seconds: tuple[float, ...]
    refused: int
    failed: int
    took: float

    def told(self) -> dict[str, float]:
        """Calls a second, and milliseconds that half and 95 in a hundred took at most."""
        ordered = sorted(self.seconds) or [0.0]
        late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return {
            "calls_per_second": round(len(self.seconds) / self.took, 1),
            "p50_ms": round(statistics.median(ordered) * 1000, 1),
            "p95_ms": round(late * 1000, 1),
            "worst_ms": round(ordered[-1] * 1000, 1),
            "refused": self.refused,
            "failed": self.failed,
        }


class Line:
    """One connection that is kept."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> int:
        """The status of a call; its body is read to the end."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: opis.test\r\n{self._headers}\r\n".encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("content-length:")[2].partition("\r\n")[0]
        await reader.readexactly(int(length or 0))
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _calls(
    line: Line, paths: Sequence[str], start: int, end: float
) -> tuple[list[float], int, int]:
    seconds, refused, failed, place = [], 0, 0, start
    while time.perf_counter() < end:
        began = time.perf_counter()
        try:
            status = await line.get(paths[place % len(paths)])
        except (OSError, asyncio.IncompleteReadError):
            line.close()
            status = 0
        if status == 200:
            seconds.append(time.perf_counter() - began)
        elif status in {429, 503}:
            refused += 1
        else:
            failed += 1
        place += 1
    line.close()
    return seconds, refused, failed


async def call_for(
    port: int, paths: Sequence[str], lines: int, seconds: float, headers: Mapping[str, str]
) -> Timed:
    """So many connections that call one path after the other, for so many seconds."""
    began = time.perf_counter()
    end = began + seconds
    many = (_calls(Line(port, headers), paths, number * 17, end) for number in range(lines))
    told = await asyncio.gather(*many)
    took = time.perf_counter() - began
    every = tuple(second for seconds_, _, _ in told for second in seconds_)
    return Timed(every, sum(r for _, r, _ in told), sum(f for _, _, f in told), took)
