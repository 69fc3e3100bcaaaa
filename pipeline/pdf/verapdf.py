"""veraPDF, the PDF/A validator of reference: one Java process for up to a hundred files."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from schemas.errors import OpisError

FILES_AT_ONCE = 100
START_SECONDS = 120
SECONDS_A_FILE = 20
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
_NO_VERDICT = ("veraPDF: no verdict",)


def validate(paths: Sequence[Path], jars: Path, flavour: str = "2u") -> dict[Path, tuple[str, ...]]:
    """The violations of each file at a flavour; none for a valid one.

    `jars` is the folder of veraPDF's jars. Raises OpisError check-impossible where Java or veraPDF
    cannot run at all.
    """
    verdicts: dict[Path, tuple[str, ...]] = {}
    for start in range(0, len(paths), FILES_AT_ONCE):
        asked = {str(path.resolve()): path for path in paths[start : start + FILES_AT_ONCE]}
        told = _verdicts(_run(tuple(asked), jars, flavour))
        verdicts.update({path: told.get(name, _NO_VERDICT) for name, path in asked.items()})
    return verdicts


def _run(names: tuple[str, ...], jars: Path, flavour: str) -> bytes:
    program = ("java", "-cp", f"{jars}/*", "org.verapdf.apps.GreenfieldCliWrapper")
    options = ("-f", flavour, "--format", "json", "--maxfailuresdisplayed", "1")
    try:
        done = subprocess.run(
            (*program, *options, *names),
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
            timeout=START_SECONDS + SECONDS_A_FILE * len(names),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpisError("check-impossible", "veraPDF", why=error) from error
    if not done.stdout.strip():
        why = done.stderr.decode(errors="replace").strip()[-500:]
        raise OpisError("check-impossible", "veraPDF", why=why or f"exit {done.returncode}")
    return done.stdout


def _verdicts(output: bytes) -> dict[str, tuple[str, ...]]:
    try:
        jobs = msgspec.json.decode(output)["report"]["jobs"]
        return {job["itemDetails"]["name"]: tuple(_violations(job)) for job in jobs}
    except (ValueError, KeyError, TypeError) as error:
        raise OpisError("check-impossible", "veraPDF", why=repr(error)) from error


def _violations(job: Mapping[str, Any]) -> Iterator[str]:
    if "taskException" in job:
        yield str(job["taskException"].get("exceptionMessage", "veraPDF: exception"))
        return
    results = job.get("validationResult") or ()
    if not results:
        yield from _NO_VERDICT
    for result in results:
        rules = result.get("details", {}).get("ruleSummaries", ())
        yield from (f"{r['clause']}-{r['testNumber']}: {r['description']}" for r in rules)
        if not result["compliant"] and not rules:
            yield str(result.get("statement", "veraPDF: not compliant"))
