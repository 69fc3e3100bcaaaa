"""What was compared: programs, libraries, machine."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

from benchmarks.reading.variants import command

_LIBRARIES = ("opis", "tesserocr", "onnxruntime", "opencv-python-headless", "numpy", "img2pdf")
_TOOLS = ("gs", "unpaper", "pngquant", "jbig2")
_CALLED = (("ocrmypdf", "--version"), ("tesseract", "--version"))


def _library(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _first_line(arguments: tuple[str, ...]) -> str:
    try:
        told = subprocess.run(arguments, capture_output=True, text=True, check=False)
    except OSError:
        return "missing"
    return next(iter((told.stdout or told.stderr).splitlines()), "")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def versions() -> dict[str, str]:
    """By name; "missing" for what is not installed."""
    return {
        "python": platform.python_version(),
        **{name: _library(name) for name in _LIBRARIES},
        **{name: _first_line((command(name), option)) for name, option in _CALLED},
        **{name: "there" if shutil.which(name) else "missing" for name in _TOOLS},
    }


def notes(peers: tuple[str, ...]) -> list[str]:
    """What this machine lacks for a peer's usual settings."""
    told = []
    if "paperless" in peers and not shutil.which("unpaper"):
        told.append("paperless: without --clean, as unpaper is not installed")
    if {"paperless", "ocrmypdf"} & set(peers) and not shutil.which("gs"):
        told.append("ocrmypdf: PDF/A by its internal backend, as Ghostscript is not installed")
    if "tesserocr" in peers:
        told.append("tesserocr: recognition alone, one process, on images prepared by Opis; no PDF")
    return told
