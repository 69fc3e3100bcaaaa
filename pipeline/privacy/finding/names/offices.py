# ruff: noqa: SIM905 - word lists are read and edited as text
# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Who is an official acting in office and who is a private person, by the words around a name."""

from collections.abc import Sequence

from pipeline.privacy.finding.names.mentions import Mention, is_name
from pipeline.privacy.finding.names.signing import (
    TELLS,
    Verdict,
    is_signing_row,
    next_column,
    role,
    signed,
)
from pipeline.privacy.finding.rows import Rows
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import (
    ANYWHERE,
    AREAS,
    BODIES,
    CALLED,
    DONE,
    HEADINGS,
    HOME,
    HONORIFICS,
    OFFICES,
    PRIVATE,
    SUBSIDIARY,
)

BACK, AHEAD = 8, 5  # words before, words after
OWN_ACTS = frozenset(("hotărâre", "dispoziție", "referat"))
"""Kinds of documents that the institution itself issues."""
OTHERS = frozenset(("factură", "contract", "cerere", "petiție", "declarație fiscală"))
"""Kinds of documents that somebody else than the institution drew up."""
_UNTOLD = frozenset(("", "adresă", "altul", "necunoscut", "declarație"))
_STAFF = (
    "sanction", "detas", "suspend", "pension", "transfer", "incadr", "reincadr", "concedi", "promov",
    "salariz", "demit", "demis", "destitu", "inceta",
)  # fmt: skip
"""What an institution decides about one who works there: he is whom it is about, and not in office."""
LONG_LINE = 7  # words
LETTERHEAD = 12  # words
SENTENCE = 14  # words in which "din cadrul" may follow
_REPRESENTED = frozenset(("reprezentata", "reprezentat", "reprezentati", "reprezentant", "prin"))
_AGAINST = frozenset(("impotriva", "contra"))
_KIN = frozenset(
    """
    sotul sotia sotului sotiei fiul fiica fiului fiicei fratele sora fratelui surorii mama tatal
    mamei tatalui bunica bunicul ginerele ginerelui nora nurorii socrul soacra cumnatul cumnata
    unchiul matusa nepotul nepoata varul vara verisorul verisoara concubinul concubina nasul nasa
    """.split()
)
LISTED = 40  # words of a list and of what leads it
_CONSISTING = frozenset("formata compusa alcatuita constituita componenta formate compuse".split())
_ATTENDING = frozenset("lipsesc absenteaza absenti prezenti".split())
_HOLDING = frozenset("avand functia calitatea calitate".split())
_WHOSE = frozenset("lui ei lor meu mea sau sa mei mele al ai acestuia acesteia dansului".split())
_HAS = frozenset(("a", "au", "am", "ai", "ati", "fi", "fost", "este", "va", "vor"))
_FORMER = frozenset(("fost", "fostul", "fosta", "fostului", "fostei", "ex"))
_TOWN_HEADS = frozenset(("primar", "primarul", "primarului", "viceprimar", "viceprimarul"))
_ASSOCIATION = frozenset(("asociatia", "asociatie", "fundatia", "sindicatul", "parohia", "clubul"))
_IDENTITY = HOME | frozenset(
    [
        "cnp",
        "c.n.p",
        "nascut",
        "nascuta",
        "seria",
        "legitimat",
        "legitimata",
        "posesor",
        "posesoare",
        "identificat",
    ]
)


def _ends_sentence(script: Script, at: int) -> bool:
    form, core = script.forms[at], script.cores[at]
    if core in SUBSIDIARY or script.cues[at]:
        return form.endswith(".") and form[:1].islower() and len(core) > 5
    return form.endswith((".", ";")) and len(core) > 3


def _before(script: Script, mention: Mention, kind: str) -> Verdict:
    """By the nearest telling word before a name, through titles and names of places."""
    alone = is_signing_row(script, script.line_of(mention.first))
    titled = False
    for at in range(mention.first - 1, max(-1, mention.first - 1 - BACK), -1):
        if script.page(at) != script.page(mention.first) or _ends_sentence(script, at):
            break
        if alone and script.lines[at] != script.lines[mention.first]:
            return _line_above(script, at, mention)
        if kind not in OWN_ACTS and next_column(script, at):
            headed = HEADINGS.intersection(script.cues[at + 1 : mention.first])
            return Verdict.OFFICIAL if headed else Verdict.PRIVATE if titled else Verdict.NOTHING
        cue, core = script.cues[at], script.cores[at]
        if _parts(script, at):
            break
        if core == "si" and at == mention.first - 1 and _of_another(script, at - 1):
            break
        if cue in TELLS:
            says = _told_before(script, at, kind)
            if cue not in HONORIFICS or says is not Verdict.PRIVATE:
                return Verdict.PRIVATE if titled and cue in DONE else says
            titled = True
            continue
        skipped = not core or core in SUBSIDIARY or core in AREAS
        if (
            not (skipped or is_name(script, at))
            or script.lines[mention.first] - script.lines[at] > 1
        ):
            break
    return Verdict.PRIVATE if titled else Verdict.NOTHING


def _parts(script: Script, at: int) -> bool:
    """Whether a colon stands behind no office, or an office is that of whoever stands before it."""
    cue = script.cues[at]
    colon = script.forms[at][-1] == ":" and not cue and script.cores[at] not in SUBSIDIARY
    holding = script.cores[at - 1] == "de" and script.cores[at - 2] in _HOLDING
    return colon or (cue in OFFICES and holding)


def _line_above(script: Script, at: int, mention: Mention) -> Verdict:
    """What the line says that ends right before a name that has the next one for itself."""
    if at == mention.first - 1 and script.cues[at] in _TOWN_HEADS:
        return Verdict.OFFICIAL
    return Verdict.PRIVATE if _calls_next_line(script, at, mention) else Verdict.NOTHING


def _calls_next_line(script: Script, at: int, mention: Mention) -> bool:
    """Whether a sentence's line ends in a word that calls who begins the next: "a numiților"."""
    right_before = at == mention.first - 1 and _in_sentence(script, at)
    return right_before and script.cues[at] in CALLED and script.forms[at][-1].isalpha()


def _of_another(script: Script, at: int) -> bool:
    """Whether an office at a place is that of whoever is named before it: "Ion Pop, referent și"."""
    if at < 2 or script.cues[at] not in OFFICES - DONE:
        return False
    before = at - 1 if script.cores[at - 1] else at - 2
    return (before < at - 1 or script.forms[before].endswith((",", "("))) and is_name(
        script, before
    )


def _in_sentence(script: Script, at: int) -> bool:
    """Whether a word stands within a sentence: it begins small, or its long line is in capitals."""
    line = script.line_of(at)
    capitals = len(line) >= LONG_LINE and all(
        script.forms[n] == script.forms[n].upper() for n in line
    )
    return script.forms[at][:1].islower() or capitals


def _told_before(script: Script, at: int, kind: str) -> Verdict:
    """What an office means: nobody's where a firm is represented, unless it is a mayor's."""
    says = role(script.cues[at])
    if script.cores[at] == "delegat" and at and script.cues[at - 1] in OFFICES - DONE:
        return Verdict.OFFICIAL
    given = script.cues[at] == "primit" and script.cores[at + 1 : at + 3] == ("de", "la")
    signs = script.cues[at] == "semneaza" and kind in _UNTOLD
    former = at > 0 and script.cores[at - 1] in _FORMER
    if former or given or signs or (script.cues[at] in DONE and kind in OTHERS):
        return Verdict.PRIVATE
    if script.cues[at] in ANYWHERE and (
        _ASSOCIATION.intersection(script.cores[:LETTERHEAD])
        or BODIES.intersection(script.cores[max(0, at - 6) : at + 6])
    ):
        return Verdict.PRIVATE
    if script.cues[at] in DONE and _in_sentence(script, at):
        says = says if script.forms[at].endswith((",", ":")) else Verdict.NOTHING
    if says is Verdict.OFFICIAL and script.cues[at] not in _TOWN_HEADS:
        around = script.cores[max(0, at - 3) : at]
        council = kind == "proces-verbal" and script.cues[at].startswith("consilier")
        stands_for = _REPRESENTED.intersection(around) and not council
        return Verdict.PRIVATE if stands_for else says
    if script.cues[at].startswith("subsemnat"):
        return Verdict.SURELY_PRIVATE
    return says


def _after(script: Script, mention: Mention) -> Verdict:
    """By what follows a name: a number of identity, a home, an office."""
    comma = script.forms[mention.last].endswith((",", "-", "(", ":"))
    for step, at in enumerate(range(mention.last + 1, min(len(script), mention.last + 1 + AHEAD))):
        cue, core = script.cues[at], script.cores[at]
        if cue in _IDENTITY or core in _IDENTITY:
            return Verdict.SURELY_PRIVATE
        if cue in ANYWHERE and BODIES.intersection(script.cores[at : at + 6]):
            return Verdict.PRIVATE
        if cue in DONE and script.cores[at - 1] in _HAS:
            return Verdict.NOTHING
        if cue in OFFICES and (comma or (step and not script.cores[at - 1])):
            same = script.lines[at] == script.lines[mention.last]
            return Verdict.OFFICIAL if same else Verdict.NOTHING
        if core and core not in SUBSIDIARY and not (comma and core in _HOLDING):
            comma = comma and script.forms[at].endswith(",")
            if not comma:
                break
    return Verdict.NOTHING


def _is_about(script: Script, mention: Mention) -> bool:
    """Whether something is decided about the one who is named, as an employer does."""
    first = mention.first
    called = script.cues[first - 1] in PRIVATE if first else False
    for at in range(first - 1, max(-1, first - 1 - AHEAD), -1) if called else ():
        if _ends_sentence(script, at):
            return False
        if script.cores[at].startswith(_STAFF) or script.cores[at] in _AGAINST:
            return True
    return False


def _in_commission(script: Script, mention: Mention, kind: str) -> bool:
    """Whether a list names who sits on a commission, or who came to a council's session and who did not."""
    for at in range(mention.first - 1, max(-1, mention.first - 1 - LISTED), -1):
        core = script.cores[at]
        if script.forms[at].endswith(".") and len(core) > 3:
            return False
        if core in _HAS:
            return False
        if core in _ATTENDING and kind == "proces-verbal":
            near = script.cores[max(0, at - SENTENCE) : at + SENTENCE]
            return any(one.startswith("consilier") for one in near)
        if core in _CONSISTING:
            return any(one.startswith("comisi") for one in script.cores[max(0, at - LISTED) : at])
    return False


def _whose(script: Script, at: int) -> bool:
    """Whether a word tells whose kin somebody is: "lui", "petentei"."""
    inflected = script.cores[at].endswith(("ului", "ei", "lor")) and script.cues[at] in PRIVATE
    return script.cores[at] in _WHOSE or inflected


def _is_kin(script: Script, mention: Mention) -> bool:
    """Whether a name says who a kin is, whatever his trade: "ginerele lui, Pop Ion, polițist"."""
    at = mention.first - 1
    if at < 1 or script.forms[at][-1] != ",":
        return False
    while at > 0 and mention.first - at < 3 and _whose(script, at):
        at -= 1
    return script.cores[at] in _KIN


def _in_service(script: Script, mention: Mention) -> bool:
    """Whether "din cadrul" follows in the sentence: who signs belongs to an office."""
    for at in range(mention.last + 1, min(len(script), mention.last + 1 + SENTENCE)):
        if script.cues[at] == "cadrul":
            return True
        if _ends_sentence(script, at) or script.cues[at] in _IDENTITY:
            return False
    return False


def verdicts(
    script: Script, rows: Rows, found: Sequence[Mention], kind: str
) -> tuple[Verdict, ...]:
    """What each mention's own surroundings say; names in a list share what is said of the first."""
    beside: dict[int, list[Mention]] = {}
    for mention in sorted(found, key=lambda one: script.box(one.first).x):
        beside.setdefault(rows.of[mention.first], []).append(mention)
    told: list[Verdict] = []
    for place, mention in enumerate(found):
        verdict = _own(script, rows, mention, beside[rows.of[mention.first]], kind)
        if verdict is Verdict.NOTHING and place and _listed(script, found[place - 1], mention):
            verdict = told[-1]
        told.append(verdict)
    return tuple(told)


def _own(
    script: Script, rows: Rows, mention: Mention, beside: Sequence[Mention], kind: str
) -> Verdict:
    after, before = _after(script, mention), _before(script, mention, kind)
    if after is Verdict.SURELY_PRIVATE or _is_about(script, mention) or _is_kin(script, mention):
        return Verdict.SURELY_PRIVATE
    if before is Verdict.NOTHING and _in_commission(script, mention, kind):
        return Verdict.OFFICIAL
    if before is Verdict.SURELY_PRIVATE:
        return Verdict.OFFICIAL if _in_service(script, mention) else before
    if Verdict.OFFICIAL in {before, after}:
        return Verdict.OFFICIAL
    signs = signed(script, rows, mention, beside)
    return max(Verdict.SIGNS if signs is Verdict.OFFICIAL else signs, before)


def _listed(script: Script, one: Mention, other: Mention) -> bool:
    """Whether a name follows another after a comma or "și" alone."""
    between = [script.cores[at] for at in range(one.last + 1, other.first)]
    if between == ["si"]:
        return True
    return not between and script.forms[one.last].endswith(",")
