"""A server in a process of its own, for as long as it is called."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

_PATIENCE = 90.0


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(archives: Sequence[Path], settings: Mapping[str, object]) -> Iterator[list[int]]:
    """Ports on which the archives are served, all by one command."""
    ports = [free_port() for _ in archives]
    told = {f"OPIS_{name.upper()}": str(value) for name, value in settings.items()}
    pairs = zip(ports, archives, strict=True)
    command = [sys.executable, "-m", "benchmarks.load.served"]
    command += [str(part) for pair in pairs for part in pair]
    process = subprocess.Popen(command, env={**os.environ, **told})
    try:
        for port in ports:
            _wait(port, process)
        yield ports
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with closing(socket.create_connection(("127.0.0.1", port), 1)) as there:
                there.sendall(b"GET /api/v1/health HTTP/1.0\r\n\r\n")
                if there.recv(20).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")
