"""Line pictures to probabilities of characters: the converted network in ONNX Runtime."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pipeline.recognition.network.charset import Classes
from pipeline.recognition.network.container import read_file
from pipeline.recognition.network.dictionary import Dictionary
from pipeline.recognition.network.stored import Converted, converted, remembered
from pipeline.recognition.network.strips import FRAME, Strip, strip_of

Probabilities: TypeAlias = NDArray[np.float32]

_BATCH = 4
_BATCH_FRAMES = 3000
_PIECE = 400 * FRAME
_LIKE_WIDTH, _LIKE_FRAMES = 1.12, 8
_ERRORS_ONLY = 3
_AGREEMENT = 0.97
_CPUINFO = Path("/proc/cpuinfo")
_TOLD = ("model name", "flags", "features")
_DOT_PRODUCTS = frozenset(("avx512_vnni", "avx_vnni", "asimddp"))
_TEST_TEXT = "Consiliul Local nr. 25 din 2016 aproba bugetul"


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # an arena would keep the widest line's memory for ever
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _batches(frames: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Places of lines of like width, at most four, or 3000 frames, together."""
    batch: list[int] = []
    for place in sorted(range(len(frames)), key=frames.__getitem__):
        width = frames[place]
        full = len(batch) == _BATCH or width * (len(batch) + 1) > _BATCH_FRAMES
        if batch and (full or width > _LIKE_WIDTH * frames[batch[0]] + _LIKE_FRAMES):
            yield tuple(batch)
            batch = []
        batch.append(place)
    if batch:
        yield tuple(batch)


@dataclass(frozen=True, slots=True)
class Model:
    """One language's network, classes and dictionary; `int8` says which arithmetic it uses."""

    classes: Classes
    dictionary: Dictionary
    int8: bool
    _columns: onnxruntime.InferenceSession
    _rows: onnxruntime.InferenceSession

    def probabilities(self, strips: Sequence[Strip]) -> tuple[Probabilities, ...]:
        """T x C for each strip, T = its width / 3: what each frame shows; rows add up to 1.

        The cedilla classes' probability is already that of the comma-below ones.
        """
        features = [self._features(strip) for strip in strips]
        read: list[Probabilities | None] = [None] * len(strips)
        for batch in _batches([len(feature) for feature in features]):
            together = self._along([features[place] for place in batch])
            for place, probabilities in zip(batch, together, strict=True):
                read[place] = probabilities
        return tuple(probabilities for probabilities in read if probabilities is not None)

    def _features(self, strip: Strip) -> NDArray[np.float32]:
        """T x F; in pieces, with a frame's width more on either side, so that no line is too long."""
        width = strip.shape[1]
        pieces = []
        for start in range(0, width, _PIECE):
            before = max(0, start - FRAME)
            piece = strip[:, before : start + _PIECE + FRAME]
            found = self._columns.run(None, {"image": np.ascontiguousarray(piece)[None, None]})[0]
            skipped = (start - before) // FRAME
            pieces.append(found[skipped : skipped + _PIECE // FRAME])
        return np.concatenate(pieces)

    def _along(self, features: Sequence[NDArray[np.float32]]) -> list[Probabilities]:
        lengths = np.array([len(feature) for feature in features], np.int32)
        shape = (int(lengths.max()), len(features), features[0].shape[1])
        together = np.zeros(shape, np.float32)
        for place, feature in enumerate(features):
            together[: len(feature), place] = feature
        told = {"features": together, "lengths": lengths}
        read: Probabilities = self._rows.run(None, told)[0]
        for cedilla, comma in self.classes.merged:
            read[..., comma] += read[..., cedilla]
            read[..., cedilla] = 0
        return [read[:length, place] for place, length in enumerate(lengths)]


def _made(found: Converted, int8: bool) -> Model:
    ending = "-int8" if int8 else ""
    columns, rows = (_session(found.models[f"{half}{ending}"]) for half in ("columns", "rows"))
    return Model(found.classes, Dictionary(found.words), int8, columns, rows)


def _processor(cpuinfo: Path = _CPUINFO) -> str:
    """What a processor says of itself: its names and what it can; empty where it says nothing."""
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    told = (line for line in text.splitlines() if line.lower().startswith(_TOLD))
    return "\n".join(sorted(set(told)))


def has_dot_products(cpuinfo: Path = _CPUINFO) -> bool:
    """Whether this processor adds up products of bytes (VNNI, ARM's dot product)."""
    return not _DOT_PRODUCTS.isdisjoint(_processor(cpuinfo).split())


def _drawn() -> Strip:
    canvas = np.full((44, 900), 255, np.uint8)
    cv2.putText(canvas, _TEST_TEXT, (10, 32), cv2.FONT_HERSHEY_COMPLEX, 0.9, (0,), 1, cv2.LINE_AA)
    return strip_of(canvas)


def _agree(one: Model, other: Model) -> bool:
    """Whether both see the same in a drawn line."""
    (first,), (second,) = (model.probabilities([_drawn()]) for model in (one, other))
    return bool(np.mean(first.argmax(axis=1) == second.argmax(axis=1)) >= _AGREEMENT)


def load_model(traineddata: Path, cache: Path, *, int8: bool = False) -> Model:
    """The model of a .traineddata file, converted on first use and kept in the folder `cache`.

    `int8` is a wish: it is granted where the processor is made for it and a drawn line reads the
    same, which is tried once and remembered. Raises InputError("model-invalid") for a damaged file
    and InputError("model-unsupported") for a language that only Tesseract itself can read.
    """
    name = traineddata.name.removesuffix(".traineddata")
    data = read_file(traineddata)
    found = converted(data, name, cache)
    if not (int8 and has_dot_products()):
        return _made(found, int8=False)

    def agree() -> bool:
        return _agree(*(_made(found, int8=small) for small in (False, True)))

    question = f"int8 reads alike? {onnxruntime.__version__} {_processor()}"
    return _made(found, int8=remembered(data, cache, question, agree))
