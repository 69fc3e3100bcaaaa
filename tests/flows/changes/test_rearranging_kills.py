"""A change of the arrangement killed at any of its moments is finished by the next command."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.changes.rearranged import assert_sound, facts, review, unit
from tests.flows.opis_command import assert_all_gone, copied

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
BEFORE, AFTER = False, True
MOMENTS = {
    "nothing stands": ("flows.changes.changing:begin", 1, BEFORE),
    "stands": ("flows.changes.changing:_carry_out", 1, AFTER),
    "one is open": ("flows.changes.changing:_open", 2, AFTER),
    "no copy": ("flows.changes.changing:_copy", 1, AFTER),
    "nothing put by": ("flows.changes.changing:put_by", 2, AFTER),
    "no record": ("pipeline.units:write_record", 1, AFTER),
    "record, no event": ("flows.changes.changing:tell", 1, AFTER),
    "one record": ("pipeline.units:write_record", 2, AFTER),
    "records, one event": ("flows.changes.changing:tell", 2, AFTER),
    "nothing taken up": ("flows.stages.reading:take_up", 1, AFTER),
    "one not published": ("flows.stages.publishing:index_unit", 1, AFTER),
    "one published": ("flows.stages.reading:take_up", 2, AFTER),
    "both in the index": ("flows.stages.publishing:tell_waiting", 2, AFTER),
    "not ended": ("flows.changes.changing:end", 1, AFTER),
}
COMMANDS = {
    "move": lambda a, b: ("review", "move", a, "4-5", b, "--by", "ana", "--json"),
    "split": lambda a, _: ("review", "split", a, "3", "--cota", "x", "--by", "ana", "--json"),
}


def died(place, point, number, command):
    """The command up to the moment at which it kills itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.flows.dying_command", point, str(number), *command],
        cwd=place.root,
        env=place.env(PYTHONPATH=str(ROOT)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    out, err = process.communicate(timeout=240)
    assert process.returncode == -signal.SIGKILL, (out, err.decode()[-3000:])
    assert_all_gone(process.pid)


@pytest.fixture(scope="module")
def undisturbed(first, tmp_path_factory):
    """What each command leaves where nothing interrupts it."""
    told = {"": facts(first)}
    for kind, command in COMMANDS.items():
        root = tmp_path_factory.mktemp(kind)
        other = copied(first, root)
        assert other.run(*command(unit(first, "tiff").id, unit(first, "pdf").id)).code == 0
        told[kind] = facts(other)
    return told


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment_the_next_command_finishes_it(place, undisturbed, moment):
    """Moves and splits in turn, finished by the same command or by another binder's, in turn."""
    point, number, stands = MOMENTS[moment]
    turn = list(MOMENTS).index(moment)
    kind = ("move", "split")[turn % 2]
    command = COMMANDS[kind](unit(place, "tiff").id, unit(place, "pdf").id)
    died(place, point, number, command)
    assert bool(list(place.archive.glob("changes/*.json"))) == stands
    if turn // 2 % 2:
        done = place.run(*command)
        assert done.code == 0, (done.out, done.err)
        stands = True
    else:
        assert place.run("scan-batch", "small/pdf.pdf", "--json").code == 0
    assert facts(place) == undisturbed[kind if stands else ""]
    assert_sound(place)


@pytest.mark.parametrize("point", ["flows.changes.changing:_remove", "flows.changes.changing:end"])
def test_an_undo_that_was_killed_is_finished(place, point):
    a, before = unit(place, "tiff"), facts(place)
    split = review(place, "split", a.id, "3")
    died(place, point, 1, ("review", "undo", split["change"], "--by", "ana", "--json"))
    assert place.run("scan-batch", "small/pdf.pdf", "--json").code == 0
    assert facts(place) == before
    assert_sound(place)
