"""python -m pipeline.training.recognition: tunes recognition weights on lines made here."""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein

from pipeline.recognition import tessdata
from pipeline.training import faces, start
from pipeline.training.alphabet import Alphabet
from pipeline.training.batches import Batch, Sample, batch_of, group, sample_of
from pipeline.training.lines import Workshop, make_line
from pipeline.training.model import Model, build, logits, matrices_of
from pipeline.training.text import read_texts
from pipeline.training.writing import Dense

_BATCHES, _SIZE = 16, 32
_WARM_UP = 30  # steps
_FALLING = 12  # groups
_LAST_RATE = 0.03
_CLIP = 2.0
_ILLEGIBLE = 6.0  # nats a letter
_AVERAGING = 0.995
_CHECKS = 160
_CHECK_SEED = 77
_CEDILLAS = str.maketrans("ţşŢŞ", "țșȚȘ")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; `groups` of 512 lines each."""

    groups: int
    rate: float
    out: Path


@dataclass(frozen=True, slots=True)
class State:
    """A model while it is tuned; `means` are the moving averages of its parameters."""

    model: Model
    optimizer: torch.optim.Adam
    means: tuple[torch.Tensor, ...]


def _state(dense: Sequence[Dense], rate: float) -> State:
    model = build(dense)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.9, 0.99))
    return State(model, optimizer, tuple(p.detach().clone() for p in model.parameters()))


def _rate(step: int, steps: int, highest: float) -> float:
    """A short warm-up, then even, at the end falling: until then the same for any `steps`."""
    left = (steps - step) / (_FALLING * _BATCHES)
    return highest * min(1, (step + 1) / _WARM_UP, max(_LAST_RATE, left))


def _loss(model: Model, batch: Batch, null: int) -> torch.Tensor:
    """CTC loss a letter; lines that nobody could read do not count."""
    frames = torch.from_numpy(batch.frames)
    scores = torch.log_softmax(logits(model, torch.from_numpy(batch.strips), frames), 2)
    sizes = torch.tensor([len(label) for label in batch.labels])
    targets = torch.tensor([number for label in batch.labels for number in label])
    losses = torch.nn.functional.ctc_loss(
        scores, targets, frames, sizes, blank=null, reduction="none", zero_infinity=True
    )
    legible = losses.detach() < _ILLEGIBLE * sizes.clamp(min=4)
    return (losses * legible).sum() / sizes.sum().clamp(min=1)


def _step(state: State, batch: Batch, null: int, rate: float, step: int) -> float:
    for settings in state.optimizer.param_groups:
        settings["lr"] = rate
    loss = _loss(state.model, batch, null)
    state.optimizer.zero_grad()
    loss.backward()
    parameters = state.model.parameters()
    torch.nn.utils.clip_grad_norm_(parameters, _CLIP)
    state.optimizer.step()
    keep = min(_AVERAGING, step / (step + 20))
    for mean, parameter in zip(state.means, parameters, strict=True):
        mean.mul_(keep).add_(parameter.detach(), alpha=1 - keep)
    return float(loss.detach())


def _averaged(state: State, dense: Sequence[Dense]) -> tuple[Dense, ...]:
    """The averaged weights as matrices."""
    model = build(dense)
    with torch.no_grad():
        for parameter, mean in zip(model.parameters(), state.means, strict=True):
            parameter.copy_(mean)
    return matrices_of(model)


def _save(path: Path, state: State, done: int) -> None:
    whole = {
        "done": done,
        "parameters": [p.detach() for p in state.model.parameters()],
        "means": list(state.means),
        "optimizer": state.optimizer.state_dict(),
    }
    torch.save(whole, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _restore(path: Path, state: State) -> int:
    """The group to go on with."""
    if not path.exists():
        return 0
    whole = torch.load(path)
    with torch.no_grad():
        for parameter, saved in zip(state.model.parameters(), whole["parameters"], strict=True):
            parameter.copy_(saved)
        for mean, saved in zip(state.means, whole["means"], strict=True):
            mean.copy_(saved)
    state.optimizer.load_state_dict(whole["optimizer"])
    return int(whole["done"])


def _groups(
    work: Workshop, alphabet: Alphabet, first: int, last: int
) -> Iterator[tuple[int, tuple[Batch, ...]]]:
    """The groups in turn, the next one made by a thread while one is learnt."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(group, work, alphabet, first, _BATCHES, _SIZE)
        for number in range(first, last):
            batches = coming.result()
            if number + 1 < last:
                coming = pool.submit(group, work, alphabet, number + 1, _BATCHES, _SIZE)
            yield number, batches


def greedy(model: Model, samples: Sequence[Sample], alphabet: Alphabet) -> list[str]:
    """What the network writes, best class by best class, without a dictionary."""
    texts = []
    for at in range(0, len(samples), _BATCHES):
        batch = batch_of(samples[at : at + _BATCHES])
        frames = torch.from_numpy(batch.frames)
        with torch.no_grad():
            best = logits(model, torch.from_numpy(batch.strips), frames).argmax(2).numpy()
        for place, count in enumerate(batch.frames):
            path = best[:count, place]
            kept = path[np.concatenate([[True], path[1:] != path[:-1]])]
            letters = (alphabet.texts[number] for number in kept if number != alphabet.null)
            texts.append("".join(letters).translate(_CEDILLAS))
    return texts


def _checks(work: Workshop, alphabet: Alphabet, *, clean: bool) -> list[Sample]:
    """Lines in faces that training never sees."""
    other = Workshop(work.texts, faces.held_out_faces(), _CHECK_SEED)
    lines = (make_line(other, number, clean=clean) for number in range(_CHECKS))
    samples = (sample_of(line, alphabet) for line in lines)
    return sorted((s for s in samples if s.fits and s.label), key=lambda s: s.frames)


def error_share(model: Model, samples: Sequence[Sample], alphabet: Alphabet) -> float:
    """Character errors per character of the labels."""
    texts = greedy(model, samples, alphabet)
    truths = ["".join(alphabet.texts[number] for number in s.label) for s in samples]
    pairs = zip(texts, truths, strict=True)
    return sum(Levenshtein.distance(a, b) for a, b in pairs) / sum(map(len, truths))


def _report(
    name: str, dense: Sequence[Dense], checks: Sequence[list[Sample]], known: Alphabet
) -> None:
    model = build(dense)
    clean, hard = (error_share(model, samples, known) for samples in checks)
    print(f"{name}: clean {clean:.2%}, hard {hard:.2%}", flush=True)


def tune(begin: start.Start, work: Workshop, plan: Plan) -> tuple[Dense, ...]:
    """The tuned weights; begins where an earlier run with the same folder was stopped."""
    torch.set_num_threads(1)
    torch.manual_seed(work.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    state = _state(begin.dense, plan.rate)
    checkpoint = plan.out / "checkpoint.pt"
    first, steps = _restore(checkpoint, state), plan.groups * _BATCHES
    checks = [_checks(work, begin.alphabet, clean=clean) for clean in (True, False)]
    _report("start", begin.dense, checks, begin.alphabet)
    for number, batches in _groups(work, begin.alphabet, first, plan.groups):
        losses = []
        for place, batch in enumerate(batches):
            step = number * _BATCHES + place
            rate = _rate(step, steps, plan.rate)
            losses.append(_step(state, batch, begin.alphabet.null, rate, step))
        _save(checkpoint, state, number + 1)
        print(
            f"group {number + 1}/{plan.groups} loss {np.mean(losses):.3f} CPU {time.process_time():.0f} s",
            flush=True,
        )
        if number % 20 == 19:
            _report("averaged", _averaged(state, begin.dense), checks, begin.alphabet)
    tuned = _averaged(state, begin.dense)
    _report("tuned", tuned, checks, begin.alphabet)
    return tuned


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline.training.recognition")
    add = parser.add_argument
    add("out", type=Path, help="folder for checkpoint, tuned.npz and the finished .traineddata")
    add("--text", type=Path, nargs="+", required=True, help=".jsonl, .tsv, .csv or plain text")
    add("--start", type=Path, help="start weights (default: the installed ron.traineddata)")
    add("--fonts", type=Path, nargs="*", default=[], help="folders with fonts beside the system's")
    add("--seed", type=int, default=1)
    add("--groups", type=int, default=128, help="groups of 512 lines (default %(default)s)")
    add("--rate", type=float, default=1e-3, help="highest learning rate (default %(default)s)")
    add("--share", type=float, nargs="*", default=[0.7], help="tuned share of the mixed weights")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    chosen = _parser().parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    begin = start.start_from(chosen.start or tessdata.folder("") / "ron.traineddata")
    work = Workshop(read_texts(chosen.text), faces.training_faces(chosen.fonts), chosen.seed)
    tuned = tune(begin, work, Plan(chosen.groups, chosen.rate, chosen.out))
    np.savez(chosen.out / "tuned.npz", *tuned)
    for share in chosen.share:
        note = f"opis seed {chosen.seed} groups {chosen.groups} share {share}"
        data = start.written(begin, start.mixed(begin, tuned, share), note)
        path = chosen.out / f"ron-opis-{share:g}.traineddata"
        path.write_bytes(data)
        print(path, hashlib.sha256(data).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
