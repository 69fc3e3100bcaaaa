"""What `search.highlight` has to answer, told plainly: every word of the page analysed, no short cut."""

from bisect import bisect_left
from itertools import groupby, product

from rapidfuzz.distance import OSA

from search.analysis import tokens, whole_words
from search.asking.facts import facts
from search.asking.marks import LONG_STEM, joined, look, odd

LENGTH, BEFORE = 160, 56


def answers(query, words):
    """Places (word, token) that answer, in reading order."""
    page = [(n, token) for n, word in enumerate(words.texts) for token in tokens(word)]
    found = set()
    for clause in (*query.clauses, *query.optional):
        runs = [run for term in clause.terms for run in typed(term, page, words)]
        found.update(one for run in runs or forgiven(clause, page) for one in run)
    return sorted(found, key=lambda one: (one[0], one[1].start))


def typed(term, page, words):
    """What answers a term as it was typed."""
    length = len(term.words)
    for start in range(len(page) - length + 1 if length else 0):
        run = page[start : start + length]
        if all(word.answers(token) for word, (_, token) in zip(term.words, run, strict=True)):
            yield run
    if term.plain:
        yield from ([one] for one in page if one[1].fold == term.plain)
    if term.fact.startswith("-"):
        for _, parts in groupby(page, key=lambda one: one[0]):
            run = list(parts)
            if len(run) > 1 and joined([token.fold for _, token in run]) == term.fact:
                yield run
    elif term.fact:
        offsets = offsets_of(words)
        starts = [offsets[n] + token.start for n, token in page]
        for fact in facts(" ".join(words.texts)):
            if term.fact == fact.term or term.fact in fact.also:
                yield page[bisect_left(starts, fact.start) : bisect_left(starts, fact.end)]


def forgiven(clause, page):
    """What is forgiven for a clause that nothing answers."""
    for term in () if clause.strict else clause.terms:
        for word in () if term.quoted else term.words:
            if not word.prefix:
                exact = [one for one in page if word.answers(one[1])]
                yield exact or near(word, page)


def near(word, page):
    doubtful = [one for one in page if is_doubtful(one[1])]
    misread = [one for one in doubtful if is_misread(word, one[1])]
    return misread or [one for one in page if is_mistyped(word, one[1])]


def is_doubtful(token):
    return odd(token.fold, token.keys) or not (token.fold.isalpha() or token.fold.isdigit())


def is_misread(word, token):
    if OSA.distance(look(word.fold), look(token.fold)) <= word.forgiven:
        return True
    stems = product(word.keys, token.keys) if word.forgiven else ()
    return any(OSA.distance(look(a), look(b)) <= (len(a) >= LONG_STEM) for a, b in stems)


def is_mistyped(word, token):
    if not word.forgiven:
        return False
    if OSA.distance(word.fold, token.fold) <= word.forgiven:
        return True
    return len(word.keys[0]) >= LONG_STEM and OSA.distance(word.keys[0], token.key) <= 1


def offsets_of(words):
    return [sum(len(word) + 1 for word in words.texts[:n]) for n in range(len(words.texts))]


def spans_of(found, words, text):
    offsets, spans = offsets_of(words), []
    for n, token in found:
        start, end = offsets[n] + token.start, offsets[n] + token.end
        if spans and not any(map(str.isalnum, text[spans[-1][1] : start])):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def snippet(found, words):
    """The page's text around the stretch with most hits."""
    text, offsets = " ".join(words.texts), offsets_of(words)
    spans = spans_of(found, words, text)
    firsts = [first for first, _ in spans]
    held = {start: sum(start <= p < start + LENGTH for p in firsts) for start in firsts}
    best = min(held, key=lambda start: (-held[start], start), default=0)
    wanted = max(0, best - BEFORE) if spans else 0
    start = min(next((place for place in offsets if place >= wanted), 0), best)
    ends = [place + len(word) for place, word in zip(offsets, words.texts, strict=True)]
    reach = next((last for first, last in spans if first == best), 0)
    end = max([*(end for end in ends if start < end <= start + LENGTH), reach])
    body, at = "", start
    for first, last in spans:
        if start <= first and last <= end:
            body, at = f"{body}{text[at:first]}«{text[first:last]}»", last
    body += text[at:end]
    return f"{'…' if start else ''}{body}{'…' if end < len(text) else ''}"


def plainly_told(page, query):
    """Boxes and snippet of a page (schemas.text.PageText) for a query."""
    words = whole_words([[w.text for w in line.words] for line in b.lines] for b in page.blocks)
    found = answers(query, words)
    parts = dict.fromkeys(part for n, _ in found for part in words.parts(n))
    return tuple(page.words[part].box for part in parts), snippet(found, words)
