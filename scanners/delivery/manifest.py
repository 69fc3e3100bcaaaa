"""binder.json (what the archivist knows) and batch.json (what the station says it delivered).

A binder.json that cannot be read refuses itself only: what it says can be written later. A
batch.json that cannot be read refuses its binder: the station's word cannot be checked, and a
binder taken as complete without that check could lack leaves unseen.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from scanners.intake import hash_file, open_source
from scanners.names import shown
from schemas.errors import RefusedError
from schemas.records import Identity
from schemas.sources import Manifest, Refusal, SourceFile

LONGEST = 1 << 20
_MOST = 10**9
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LISTED = 5


@cache
def _validator(name: str) -> Draft202012Validator:
    text = (resources("schemas") / "json" / f"{name}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _text(path: Path, code: str) -> str:
    with open_source(path) as stream:
        data = stream.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise RefusedError(code, shown(path.name), why="> 1 MiB", n=1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedError(code, shown(path.name), why=f"UTF-8, {line}", n=line) from error


def _parsed(text: str, path: Path, code: str) -> Any:  # noqa: ANN401 JSON is anything until validated
    try:
        text.encode("utf-8")
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        where = f"JSON, {error.lineno}:{error.colno}"
        raise RefusedError(code, shown(path.name), why=where, n=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(code, shown(path.name), why="JSON", n=1) from error
    return value


def _first_error(name: str, value: object) -> ValidationError | None:
    try:
        return next(iter(_validator(name).iter_errors(value)), None)
    except RecursionError:
        return ValidationError("nested")


def _field(error: ValidationError) -> str:
    missing = error.message.split("'")[1:2] if error.validator == "required" else []
    return shown(".".join([*map(str, error.absolute_path), *missing]) or "JSON")


def _line_of_entry(text: str, index: int) -> int:
    """The line where the index-th object of "files" begins; 1 where that cannot be told."""
    start = re.search(r'"files"\s*:\s*\[', text)
    at = start.end() if start else 0
    decoder = json.JSONDecoder()
    for _ in range(index):
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        at = decoder.raw_decode(text, at)[1]
    at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
    return text.count("\n", 0, at) + 1


def _error_line(text: str, error: ValidationError) -> int:
    path = list(error.absolute_path)
    if len(path) > 1 and isinstance(path[1], int):
        return _line_of_entry(text, path[1])
    return 1


def _clean(value: str) -> str:
    return _INVISIBLE.sub(" ", value).strip()


def read_identity(path: Path) -> Identity:
    """What binder.json says; unknown keys are left aside. Raises RefusedError("binder-invalid")."""
    code = "binder-invalid"
    value = _parsed(_text(path, code), path, code)
    error = _first_error("binder", value)
    if error:
        raise RefusedError(code, shown(path.name), why=_field(error))
    known: dict[str, Any] = {key: value[key] for key in Identity.__slots__ if key in value}
    texts = {key: _clean(text) for key, text in known.items() if isinstance(text, str)}
    leaves = known.get("file_certificate")
    if leaves is not None:
        if leaves > _MOST:
            raise RefusedError(code, shown(path.name), why="file_certificate")
        leaves = int(leaves)
    return Identity(**{**known, **texts, "file_certificate": leaves})


def _entry(entry: Mapping[str, Any]) -> tuple[int | None, str | None]:
    size, digest = entry.get("bytes"), entry.get("sha256")
    return (None if size is None else int(size)), (digest.lower() if digest else None)


def read_manifest(path: Path) -> Manifest:
    """What batch.json says. Raises RefusedError("manifest-invalid") with the line as `n`."""
    code = "manifest-invalid"
    text = _text(path, code)
    value = _parsed(text, path, code)
    error = _first_error("batch", value)
    if error:
        raise RefusedError(code, shown(path.name), n=_error_line(text, error), why=_field(error))
    leaves = value.get("leaves")
    if leaves is not None and leaves > _MOST:
        raise RefusedError(code, shown(path.name), n=1, why="leaves")
    named = {entry["name"].replace("\\", "/").removeprefix("./"): entry for entry in value["files"]}
    return Manifest(
        {name: _entry(entry) for name, entry in named.items()},
        None if leaves is None else int(leaves),
    )


def missing_files(missing: Sequence[str]) -> dict[str, str]:
    """What the sentence of manifest-waiting says: how many, and the first names."""
    names = [shown(name) for name in missing[:_LISTED]]
    more = ["…"] if len(missing) > _LISTED else []
    return {"n": str(len(missing)), "list": ", ".join([*names, *more])}


def _differs(file: SourceFile, said: tuple[int | None, str | None], known: str | None) -> bool:
    size, digest = said
    if size is not None and size != file.bytes:
        return True
    return digest is not None and (known or hash_file(file.path)) != digest


def _refusals(
    present: Mapping[str, SourceFile], manifest: Manifest, hashes: Mapping[str, str]
) -> Iterator[Refusal]:
    missing = sorted(set(manifest.files) - set(present))
    if missing:
        yield Refusal(shown(missing[0]), "manifest-waiting", missing_files(missing))
    for name, said in manifest.files.items():
        file = present.get(name)
        if file and _differs(file, said, hashes.get(name)):
            yield Refusal(shown(name), "checksum-mismatch", {}, file.path)


def check_manifest(
    files: Sequence[SourceFile], manifest: Manifest, hashes: Mapping[str, str] | None = None
) -> tuple[Refusal, ...]:
    """Where files and the station's word differ: missing (one refusal), other size or SHA-256.

    `hashes` spares reading files whose SHA-256 is known already, by name. Files that the manifest
    does not name are no offence. Raises RefusedError where a file cannot be read.
    """
    return tuple(_refusals({file.name: file for file in files}, manifest, hashes or {}))
