"""A mirror of the feed ends equal to the public index, whatever kills whoever publishes and when."""

import os
import random
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from itertools import count
from threading import Event, Lock

import pytest

from flows.progress import Silent
from flows.publication.feed import mend_feed, unsaid
from flows.publication.files import copies_in, proposed_copy, put_public, remove_copy, remove_gone
from flows.reindexing import Reindexing
from flows.run import Run
from flows.stages.indexing import index_public, unindex_public
from pipeline.ledger import open_ledger
from pipeline.portal.changes import Feed
from schemas.portal import ChangeKind
from schemas.records import PageState
from schemas.settings import Settings
from search.backend import open_backend
from search.query import Query
from tests.pipeline.unit_samples import make_unit, publish
from tests.search.portal_samples import copy_on_disk

pytestmark = pytest.mark.slow
DOCUMENTS = ("doca", "docb", "docc")
ROUNDS, ACTS = 16, 12
PATIENCE = 15  # seconds
EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.listdir"}


def opened(settings, ledger, index):
    return Run(settings, ledger, None, index, Silent(), Event(), Lock())


def propose(layout, document, words):
    """A copy that waits to be put in its place."""
    aside = layout.public.with_name("aside")
    remove_copy(proposed_copy(layout, document))
    there = layout.public
    there.rename(aside) if there.exists() else None
    copy_on_disk(layout, document, words)
    proposed_copy(layout, document).parent.mkdir(exist_ok=True)
    (there / document).rename(proposed_copy(layout, document))
    there.rmdir()
    aside.rename(there) if aside.exists() else None


def act(dice, settings, run, units):
    """One publication or withdrawal, in the order in which flows/publication does it."""
    layout = settings.layout.unit(dice.choice(units))
    document = f"{layout.id[3:]}{dice.choice(DOCUMENTS)}"
    remove_gone(layout)
    what = dice.random()
    if what < 0.55 and proposed_copy(layout, document).exists():
        put_public(layout, document)
        index_public(layout, run)
    elif what < 0.9:
        index_public(layout, run, apart=frozenset({document}))
        remove_copy(layout.public_copy(document))
        index_public(layout, run)
    else:
        unindex_public(layout, run)
        index_public(layout, run)


def killed(settings, units, seed, number):
    """Acts in a process of its own that dies at its nth step on files, if it comes so far."""
    child = os.fork()
    if child == 0:
        steps = count(1)

        def dying(event, _arguments):
            if event in EVENTS and next(steps) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        dice = random.Random(seed)
        try:
            with (
                open_ledger(settings) as ledger,
                closing(open_backend(settings, write=True)) as index,
            ):
                run = opened(settings, ledger, index)
                sys.addaudithook(dying)
                for _ in range(ACTS):
                    act(dice, settings, run, units)
        finally:
            os._exit(0)
    return ended(child) == signal.SIGKILL


def ended(child):
    """How a child ended; 0 for one that had to be ended.

    A lock that a thread of this process held while it forked (a library's, of tests before) is held
    for ever in the child: it dies where it stands, which is what is tried here, and is not counted.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        told, how = os.waitpid(child, os.WNOHANG)
        if told:
            return how
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 0


def indexed(index, units):
    """The documents of the public index."""
    found = (index.search(Query(), {"unit": unit}, "public", limit=100) for unit in units)
    return {hit.document for answer in found for hit in answer.hits}


class Mirror:
    """A portal that never forgets its cursor."""

    def __init__(self):
        self.cursor, self.there = "", {}

    def read(self, ledger):
        more = True
        while more:
            page = Feed(ledger).page(self.cursor, 3)
            for change in page.changes:
                self.there.pop(change.document, None)
                if change.kind is not ChangeKind.WITHDRAWN:
                    self.there[change.document] = change.sha256
            self.cursor, more = page.cursor, page.more
        return self.there


def mended(settings, ledger, index, units, by_reindex):
    """What the next to publish in each unit, or a reindex, puts right."""
    if by_reindex:
        Reindexing(settings, ledger, index).run()
        mend_feed(settings, ledger)
    else:
        run = opened(settings, ledger, index)
        for unit in units:
            index_public(settings.layout.unit(unit), run)


def test_a_mirror_ends_equal_to_the_public_index(tmp_path):
    settings = Settings(archive=tmp_path / "archive")
    units, mirror, dice, deaths = [], Mirror(), random.Random(5), 0
    with open_ledger(settings) as ledger:
        for key in ("one", "two"):
            row, _ = ledger.claim_unit(key, key, "s", "f")
            publish(settings, replace(make_unit([[PageState.RECOGNISED]], row.id), content_key=key))
            ledger.set_unit_state(row.id, "published")
            units.append(row.id)
    for number in range(ROUNDS):
        for unit in units:
            layout = settings.layout.unit(unit)
            for document in DOCUMENTS:
                propose(layout, f"{unit[3:]}{document}", f"cuvinte {number} {document}")
        deaths += killed(settings, units, number, dice.randrange(1, 160))
        with (
            open_ledger(settings) as ledger,
            closing(open_backend(settings, write=True)) as index,
        ):
            mended(settings, ledger, index, units, by_reindex=number % 2)
            there = mirror.read(ledger)
            assert set(there) == indexed(index, units), number
            on_disk = {d for u in units for d in copies_in(settings.layout.unit(u).public)}
            assert set(there) == on_disk, number
            assert unsaid(settings, ledger, units) == ()
    assert deaths > ROUNDS // 3
