"""Numbers and addresses that are known: wherever else they stand, also misread or in part."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from pipeline.privacy.finding.addresses import Place, key
from pipeline.privacy.finding.identifiers.digits import as_digits, digit_share
from pipeline.privacy.finding.names.persons import alike
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

MOST_HOMES = 200  # that are looked for with slips
LEAST, SLIPS, SURE = 8, 2, 0.8
NUMBERED = frozenset(
    (
        PersonalKind.CNP,
        PersonalKind.PHONE,
        PersonalKind.CARD,
        PersonalKind.HEALTH_INSURANCE,
        PersonalKind.PASSPORT,
    )
)


def numbers(script: Script, known: Sequence[Span]) -> Iterator[Span]:
    """Words of digits that are a known number but for two slips, or a half of it."""
    values = {s.value: s for s in known if s.kind in NUMBERED and len(s.value) >= LEAST}
    covered = {at for s in known for at in range(s.start, s.end)} if values else set()
    for at, form in enumerate(script.forms if values else ()):
        if len(form) < LEAST or digit_share(form) < 1 / 2 or script.start(at) in covered:
            continue
        digits = as_digits(form)
        for value, span in values.items():
            if (digits in value and len(digits) >= LEAST) or _near(digits, value):
                yield Span(span.kind, script.start(at), script.end(at), value, SURE)
                break


def _near(digits: str, value: str) -> bool:
    return Levenshtein.distance(digits, value, score_cutoff=SLIPS + 1) <= SLIPS


_TAIL = str.maketrans("lioeszbg", "11065269")


def mails(found: Iterable[Span], names: Iterable[str]) -> Iterator[Span]:
    """Electronic addresses in which a known name is followed by letters that must be digits."""
    known = [name for name in names if len(name) >= LEAST // 2]
    for span in found:
        local, at, domain = span.value.partition("@")
        for name in known if at and span.kind is PersonalKind.EMAIL else ():
            head, _, tail = local.rpartition(name)
            digits = tail.translate(_TAIL)
            if 0 < len(tail) < len(name) and digits.isdigit():
                span = replace(span, value=f"{head}{name}{digits}@{domain}")  # noqa: PLW2901 - mended in place
                break
        yield span


def homes(script: Script, found: Sequence[Place]) -> tuple[Place, ...]:
    """Addresses that are a known home's, whatever stands before them."""
    known = {key(script, place) for place in found if place.home}
    few = known if len(known) <= MOST_HOMES else set()
    keys = ((place, key(script, place)) for place in found if not place.home)
    return tuple(
        place for place, own in keys if own in known or any(_same(own, home) for home in few)
    )


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) > 1 and len(one) == len(other) and all(map(alike, one, other))
