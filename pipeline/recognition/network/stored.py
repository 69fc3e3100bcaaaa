"""A converted model: what is kept of a .traineddata file, in memory and in the cache."""

import importlib
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from pipeline.recognition.network.binary import guarded
from pipeline.recognition.network.charset import (
    Classes,
    classes_of,
    read_recoder,
    read_unicharset,
)
from pipeline.recognition.network.container import part, split
from pipeline.recognition.network.dictionary import packed, words_of
from pipeline.recognition.network.weights import read_network
from schemas.durable import write_bytes_durably

CONVERTER = "1"
_FILE = "model.msgpack"
_DIGEST = 32
_YES, _NO = b"yes", b"no"
_ANSWERS = frozenset((_YES, _NO))
# loaded by name, and only to convert: importing onnx costs twice what a warm start does
_GRAPH = "pipeline.recognition.network.graph"


class Converted(msgspec.Struct, frozen=True):
    """`models` by name are serialised ONNX; `words` is what Dictionary takes."""

    classes: Classes
    words: bytes
    models: dict[str, bytes]


def convert(data: bytes, name: str) -> Converted:
    """From the bytes of a .traineddata file.

    Raises InputError("model-invalid") or InputError("model-unsupported").
    """
    return guarded(name, lambda: _convert(data, name))


def _convert(data: bytes, name: str) -> Converted:
    parts = split(data, name)
    network = read_network(part(parts, "lstm", name), name)
    characters = read_unicharset(part(parts, "lstm-unicharset", name), name)
    if network.recoded:
        codes = read_recoder(part(parts, "lstm-recoder", name), name)
    else:
        codes = tuple((number,) for number in range(len(characters)))
    classes = classes_of(characters, codes, network.null, network.root.outputs, name)
    words = frozenset[str]()
    if "lstm-word-dawg" in parts:
        words = words_of(parts["lstm-word-dawg"], characters, name)
    graph = importlib.import_module(_GRAPH)
    exact, small = graph.graphs_of(network, name), graph.graphs_of(network, name, int8=True)
    models = {
        "columns": exact.columns,
        "rows": exact.rows,
        "columns-int8": small.columns,
        "rows-int8": small.rows,
    }
    return Converted(classes, packed(words), models)


def _place(data: bytes, cache: Path) -> Path:
    return cache / sha256(data + CONVERTER.encode()).hexdigest() / _FILE


def _kept(path: Path) -> Converted | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    if sha256(whole[_DIGEST:]).digest() != whole[:_DIGEST]:
        return None
    try:
        return msgspec.msgpack.decode(memoryview(whole)[_DIGEST:], type=Converted)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def converted(data: bytes, name: str, cache: Path) -> Converted:
    """The same out of the cache, where it is put on first use; a damaged entry is made again.

    Many processes may ask at once: the entry is one file, put in place by a rename. Where the
    cache cannot be written nothing is kept.
    """
    path = _place(data, cache)
    found = _kept(path)
    if found is not None:
        return found
    made = convert(data, name)
    body = msgspec.msgpack.encode(made)
    try:
        write_bytes_durably(path, sha256(body).digest() + body)
    except OSError:
        return made
    return made


def remembered(data: bytes, cache: Path, question: str, ask: Callable[[], bool]) -> bool:
    """The answer to a question about a .traineddata file out of the cache; asked on first use."""
    path = _place(data, cache).with_name(sha256(question.encode()).hexdigest()[:16])
    with suppress(OSError):
        if (told := path.read_bytes()) in _ANSWERS:
            return told == _YES
    answer = ask()
    with suppress(OSError):
        write_bytes_durably(path, _YES if answer else _NO)
    return answer
