"""The feed of changes: whoever reads it on ends with what is public, whoever writes meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pipeline.ledger import open_ledger, rebuild
from pipeline.portal import changes
from pipeline.portal.changes import Feed
from schemas.errors import InputError, UsageError
from schemas.portal import ChangeKind, PublicVersion
from schemas.settings import Settings

UNITS = ("ua-1", "ua-2", "ua-3")


def version(n):
    return PublicVersion(f"pdf{n}", f"all{n}")


def saying(**documents):
    """What is public of a unit, as `note` looks at it: version numbers by document."""
    return lambda: {name: version(n) for name, n in documents.items()}


class Mirror:
    """A portal that keeps the public documents by reading on from its cursor."""

    def __init__(self, feed):
        self.feed, self.cursor, self.there, self.seen = feed, "", {}, []

    def read(self, limit=100):
        page = self.feed.page(self.cursor, limit)
        for change in page.changes:
            self.seen.append(change.seq)
            if change.kind is ChangeKind.WITHDRAWN:
                assert (change.sha256, change.noted) == ("", "")
                self.there.pop(change.document, None)
            else:
                self.there[change.document] = change.sha256
        self.cursor = page.cursor
        return page.more

    def read_all(self, limit=100):
        while self.read(limit):
            pass
        return self.there


@pytest.fixture
def feed(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        yield Feed(ledger)


def kinds(page):
    return [(change.document, change.kind.value) for change in page.changes]


def test_new_changed_and_withdrawn_in_order(feed):
    assert feed.note("ua-1", saying(a=1, b=1)) == 2
    first = feed.page()
    assert (kinds(first), first.more) == ([("a", "new"), ("b", "new")], False)
    assert feed.note("ua-1", saying(a=2)) == 2
    then = feed.page(first.cursor)
    assert kinds(then) == [("a", "changed"), ("b", "withdrawn")]
    assert feed.note("ua-1", saying(a=2)) == 0
    assert feed.page(then.cursor).cursor == then.cursor
    feed.note("ua-1", saying(a=2, b=1))
    assert kinds(feed.page(then.cursor)) == [("b", "new")]
    assert kinds(feed.page()) == [("a", "changed"), ("b", "new")]


def test_nothing_is_kept_of_what_a_withdrawn_document_said(feed):
    feed.note("ua-1", saying(a=1))
    feed.note("ua-1", dict)
    (told,) = feed.page().changes
    assert (told.document, told.kind, told.sha256, told.noted) == ("a", "withdrawn", "", "")
    assert feed.published(["a"]) == {}


def test_a_document_that_moves_to_another_unit_is_no_change(feed):
    feed.note("ua-1", saying(a=1))
    cursor = feed.page().cursor
    assert feed.note("ua-2", saying(a=1)) == 0
    assert feed.note("ua-1", dict) == 0
    assert feed.page(cursor).changes == ()
    assert feed.units() == ("ua-2",)


def test_differences_are_told_without_being_noted(feed):
    feed.note("ua-1", saying(a=1))
    assert feed.differences("ua-1", {"a": version(2), "b": version(1)}) == ("a", "b")
    assert feed.differences("ua-1", {}) == ("a",)
    assert feed.differences("ua-1", {"a": version(1)}) == ()
    assert len(feed.page().changes) == 1


def test_what_is_no_cursor_is_named(feed):
    for cursor in ("x", ".", "a.b", "a.-1", "ă.1", "a.1.2", "a.²"):
        with pytest.raises(UsageError) as caught:
            feed.page(cursor)
        assert caught.value.code == "cursor-invalid"


def test_a_cursor_of_another_feed_or_of_the_future_is_gone(feed):
    feed.note("ua-1", saying(a=1))
    name = feed.page().cursor.partition(".")[0]
    for cursor in ("000000000000.1", f"{name}.2", f"{name}.{'9' * 40}"):
        with pytest.raises(InputError) as caught:
            feed.page(cursor)
        assert caught.value.code == "cursor-gone"


def test_a_ledger_made_anew_is_another_feed_and_a_rebuild_is_not(tmp_path):
    place = Settings(archive=tmp_path)
    with open_ledger(place) as ledger:
        Feed(ledger).note("ua-1", saying(a=1))
        cursor = Feed(ledger).page().cursor
    rebuild(place)
    with open_ledger(place) as ledger:
        assert Feed(ledger).page(cursor).cursor == cursor
    data = place.layout.ledger.read_bytes()
    place.layout.ledger.write_bytes(b"damaged!" * 64 + data[512:])
    rebuild(place)
    with open_ledger(place) as ledger:
        assert Feed(ledger).page().changes == ()
        with pytest.raises(InputError, match="cursor-gone"):
            Feed(ledger).page(cursor)


ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(UNITS),
            st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), max_size=3),
        ),
        st.integers(1, 3),
    ),
    max_size=10,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whoever_reads_on_ends_with_what_is_public(acts, tmp_path_factory):
    place = Settings(archive=tmp_path_factory.mktemp("feed"))
    public = {}
    with open_ledger(place) as ledger:
        feed = Feed(ledger)
        early = Mirror(feed)
        for act in acts:
            if isinstance(act, int):
                early.read(limit=act)
                continue
            unit, documents = act
            named = {f"{unit}{name}": n for name, n in documents.items()}
            feed.note(unit, saying(**named))
            public = {d: n for d, n in public.items() if not d.startswith(unit)} | named
        expected = {document: f"pdf{n}" for document, n in public.items()}
        assert early.read_all(1) == expected
        assert Mirror(feed).read_all(2) == expected
        assert all(a < b for a, b in pairwise(early.seen))
        assert len(early.seen) == len(set(early.seen))


SLOW_COMMIT = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.01 * (NEW.seq % 3)); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER dawdling AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION dawdle()
"""


def test_nothing_is_missed_while_several_write(ledger_settings):
    """PostgreSQL gives numbers out before it commits: here it takes its time in between."""
    with open_ledger(ledger_settings) as ledger, ThreadPoolExecutor(5) as threads:
        feed, done = Feed(ledger), Event()
        if ledger_settings.ledger_url:
            with ledger.writing() as connection:
                connection.execute(text(SLOW_COMMIT))

        def write(unit):
            for n in range(12):
                keep = {f"{unit}-{k}": n for k in range(n % 4)}
                feed.note(unit, lambda keep=keep: {d: version(v) for d, v in keep.items()})
            return {d: f"pdf{v}" for d, v in keep.items()}

        def mirror():
            portal = Mirror(feed)
            while not done.is_set():
                portal.read(limit=2)
            portal.read_all()
            return portal

        reading = [threads.submit(mirror) for _ in range(2)]
        writing = [threads.submit(write, unit) for unit in UNITS]
        expected = {d: v for task in writing for d, v in task.result().items()}
        done.set()
        for task in reading:
            assert task.result().there == expected
            assert all(a < b for a, b in pairwise(task.result().seen))


def test_changes_between_two_times_with_what_was_withdrawn(feed, monkeypatch):
    for day, documents in (
        ("05", {"a": 1, "b": 1}),
        ("06", {"a": 1, "b": 1, "c": 1}),
        ("07", {"b": 1, "c": 1}),
    ):
        monkeypatch.setattr(changes, "now", lambda day=day: f"2026-01-{day}T10:00:00+00:00")
        feed.note("ua-1", saying(**documents))

    def told(cursor="", limit=9, **bounds):
        return [(one.document, one.withdrawn) for one in feed.stamped(cursor, limit, **bounds)]

    assert told() == [("b", False), ("c", False), ("a", True)]
    assert told(since="2026-01-06T10:00:00+00:00") == [("c", False), ("a", True)]
    assert told(until="2026-01-06T09:59:59+00:00") == [("b", False)]
    assert told(withdrawn_alone=True) == [("a", True)]
    (first,) = feed.stamped("", 1)
    assert told(first.cursor) == [("c", False), ("a", True)]
    gone = feed.stamp_of("a")
    assert (gone.unit, gone.withdrawn, gone.noted) == ("ua-1", True, "2026-01-07T10:00:00+00:00")
    assert feed.stamp_of("x") is None
    assert feed.earliest() == "2026-01-05T10:00:00+00:00"
    with pytest.raises(InputError, match="cursor-gone"):
        feed.stamped("0123456789ab.1", 9)
