"""A batch as a Prefect run: deployed, from the command line, without a server, and stopped."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from examples.binders import generate
from schemas.alto import read_alto
from tests.flows.opis_command import (
    OPIS,
    Place,
    alto_files,
    ended,
    kill,
    killed_at_last,
    wait_until,
)
from tests.flows.prefect_server import POOL, Server, prefect, until, worker
from tests.services.prefect import _environment
from tests.services.process import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
BATCH = "opis-scan-batch"
SCHEDULED = ("opis-watch/watch", "opis-reaper/reaper", "opis-verify/verify")
QUEUES = {
    f"{BATCH}/scan-batch": "normal",
    "opis-take/take": "normal",
    "opis-take/take-urgent": "urgent",
    **dict.fromkeys(SCHEDULED, "urgent"),
}
STAGES = ("preia", "citește", "face documentele", "publică")
RETRIES = """
from prefect import flow
from flows.scheduled.stages import TASKS
from schemas.errors import InputError, ServiceError

def tried(error):
    calls = []
    def work():
        calls.append(1)
        raise error
    @flow
    def once():
        TASKS["publish"].with_options(retry_delay_seconds=0)("publică", "b1", work)
    try:
        once()
    except type(error):
        return len(calls)

print(tried(ServiceError("elasticsearch-unreachable", "es")), tried(InputError("index-damaged")))
"""


@pytest.fixture(scope="module")
def server(prefect_api_url: str) -> Server:
    return Server(prefect_api_url)


@pytest.fixture(scope="module")
def deployed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """What the server planned once prefect.yaml was deployed; its schedules are paused then."""
    home = tmp_path_factory.mktemp("deploy") / "prefect"
    env = _environment(home) | {"PREFECT_API_URL": server.url}
    prefect("work-pool", "create", POOL, "--type", "process", "--overwrite", env=env)
    prefect("deploy", "--all", env=env)
    planned = {name: until(lambda n=name: server.scheduled(n), bool, 90) for name in SCHEDULED}
    for name in SCHEDULED:
        server.pause(name)
    return planned


@pytest.fixture(scope="module")
def station(
    server: Server, deployed: dict[str, list], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A place whose archive is worked on by a Prefect worker."""
    place = Place(
        tmp_path_factory.mktemp("worker"),
        {"OPIS_STABILITY_SECONDS": "0", "OPIS_RESCAN_SECONDS": "0.1"},
    )
    env = place.env(OPIS_ARCHIVE=str(place.archive))
    with worker(server, place.root, _environment(place.root / "prefect") | env | _api(server)):
        yield place


def _api(server: Server) -> dict[str, str]:
    return {"PREFECT_API_URL": server.url}


@pytest.fixture
def prefect_place(small_place: Place, prefect_environment: dict[str, str]) -> Place:
    """The small binders and an empty archive, with a Prefect server in the environment."""
    prefects = {k: v for k, v in prefect_environment.items() if k.startswith("PREFECT_")}
    return Place(small_place.root, small_place.environment | prefects)


def names_of_tasks(*binders: str) -> list[str]:
    return sorted(f"{stage} {binder}" for binder in binders for stage in STAGES)


def longest_word(place: Place) -> str:
    texts = (read_alto(path.read_bytes()).plain for path in alto_files(place))
    return max((word for text in texts for word in text.split() if word.isalpha()), key=len)


def test_what_is_deployed_names_no_place_and_is_scheduled(server, deployed):
    for name, queue in QUEUES.items():
        deployment = server.deployment(name)
        assert (deployment["work_pool_name"], deployment["work_queue_name"]) == (POOL, queue)
        assert deployment["job_variables"] == {"stream_output": False}
        assert str(ROOT) not in str(deployment)
    assert all(deployed[name] for name in SCHEDULED), "the server's scheduler plans no runs"


def test_a_deployed_run_takes_a_binder_into_the_index(server, station, small_binders):
    source = small_binders / "tiff.tif"
    run = server.run(f"{BATCH}/scan-batch", sources=[str(source)])
    assert run["state_type"] == "COMPLETED", run["state"]
    tasks = server.task_runs(run["id"], len(STAGES))
    assert sorted(task["name"] for task in tasks) == names_of_tasks("tiff")
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    (unit,) = station.units
    found = station.run("search", longest_word(station), "--json")
    assert unit.name in {hit["unit"] for hit in found.json["hits"]}
    assert "1 găsite = 1 în arhivă" in server.artifact(run["id"])
    assert "un biblioraft" in server.log(run["id"], "un biblioraft")


def drop_at(station: Place, name: str, binder: Path, rules: str = "") -> Path:
    """A binder in a station's inbox; the station's folder."""
    folder = station.archive / "stations" / name
    (folder / "inbox").mkdir(parents=True)
    (folder / "station.toml").write_text(rules)
    shutil.copy(binder, folder / "inbox")
    (folder / "inbox" / f"{binder.name}.ok").touch()
    return folder


def test_a_drop_starts_a_run_that_takes_it(server, station, small_binders):
    folder = drop_at(station, "S2", small_binders / "pdf.pdf")
    looked = server.run("opis-watch/watch", seconds=0)
    assert looked["state_type"] == "COMPLETED", looked["state"]
    (started,) = server.flow_runs("opis-take")
    run = server.ended(started["id"])
    assert (run["state_type"], run["work_queue_name"]) == ("COMPLETED", "normal"), run["state"]
    assert len(list((folder / "receipts").glob("*.json"))) == 1
    assert not any((folder / "inbox").iterdir())
    tasks = server.task_runs(run["id"], len(STAGES))
    assert sorted(task["name"] for task in tasks) == names_of_tasks("pdf")
    assert "1 găsite = 1 în arhivă" in server.artifact(run["id"])
    again = server.run("opis-watch/watch", seconds=0)
    assert again["state_type"] == "COMPLETED"
    assert len(server.flow_runs("opis-take")) == 1


def test_an_urgent_station_and_its_rescans_are_seen_in_the_page(
    server, station, small_binders, tmp_path
):
    poor = tmp_path / "poor.png"
    Image.effect_noise((600, 400), 200).save(poor, dpi=(200, 200))
    folder = drop_at(station, "Urgent", poor, "urgent = true\n")
    server.run("opis-watch/watch", seconds=0)
    run = server.ended(server.flow_runs("opis-take")[-1]["id"])
    assert (run["state_type"], run["work_queue_name"]) == ("COMPLETED", "urgent"), run["state"]
    (told,) = (json.loads(path.read_bytes()) for path in (folder / "receipts").glob("*.json"))
    listed = server.artifact(run["id"], "opis-rescanare") if told["rescan"] else ""
    assert told["rescan"], told
    assert told["unit"] in listed
    assert told["rescan"][0]["reason"] in listed


def test_what_a_killed_command_left_is_finished_by_the_reaper(server, station, tmp_path):
    binder = generate(tmp_path, 1, 5, 13, dpi=150, faults="light", form="tiff")[0]
    before = set(alto_files(station))
    with killed_at_last(station.start("scan-batch", binder)) as process:
        assert wait_until(lambda: set(alto_files(station)) - before, process)
        kill(process)
    read = {path: path.stat().st_mtime_ns for path in alto_files(station)}
    run = server.run("opis-reaper/reaper")
    assert run["state_type"] == "COMPLETED", run["state"]
    assert len(alto_files(station)) > len(read)
    assert {path: path.stat().st_mtime_ns for path in read} == read
    status = station.run("status", "--json").json
    assert (status["units"], status["working"]) == (status["published"], 0)


def test_a_deployed_check_finds_the_archive_whole_and_then_damaged(server, station, small_binders):
    if not station.units:
        server.run(f"{BATCH}/scan-batch", sources=[str(small_binders / "tiff.tif")])
    run = server.run("opis-verify/verify")
    assert (run["state_type"], "0 abateri" in run["state"]["message"]) == ("COMPLETED", True)
    alto_files(station)[0].write_bytes(b"<alto/>")
    run = server.run("opis-verify/verify")
    assert run["state_type"] == "FAILED"
    assert "✗" in server.artifact(run["id"], "opis-verificare")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"sources": ["/nu/există"]}, "source-missing"),
        ({"sources": ["/nu/există"], "archive": "relativ"}, "setting-invalid"),
    ],
)
def test_a_deployed_run_that_cannot_work_is_shown_as_failed(server, station, parameters, code):
    run = server.run(f"{BATCH}/scan-batch", **parameters)
    assert run["state_type"] == "FAILED"
    assert code in run["state"]["message"]
    assert "Remediu:" in server.log(run["id"], "Remediu:")


def test_the_command_is_a_run_with_a_task_for_every_stage(server, prefect_place):
    (prefect_place.root / "small" / "stricat.pdf").write_bytes(b"%PDF-1.7\n")
    done = prefect_place.run("scan-batch", "small", "--json")
    assert (done.code, done.err) == (3, "")
    assert len(done.json["units"]) == 2
    run = server.flow_runs(BATCH)[-1]
    assert run["state_type"] == "COMPLETED"
    tasks = server.task_runs(run["id"], 2 * len(STAGES))
    assert sorted(task["name"] for task in tasks) == names_of_tasks("tiff", "pdf")
    assert "stricat.pdf" in server.artifact(run["id"])
    assert done.json["quarantined"][0]["code"] in server.artifact(run["id"])


def test_an_interrupted_run_is_shown_as_crashed_and_loses_nothing(server, prefect_place):
    process = prefect_place.start("scan-batch", "small", OPIS_WORKERS="1")  # few pages begun
    assert wait_until(lambda: alto_files(prefect_place), process)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert done.code == 130
    assert "Traceback" not in done.err
    assert server.flow_runs(BATCH)[-1]["state_type"] == "CRASHED"
    read = {path: path.stat().st_mtime_ns for path in alto_files(prefect_place)}
    again = prefect_place.run("scan-batch", "small", "--json")
    assert again.code == 0
    assert len(alto_files(prefect_place)) > len(read) > 0
    assert {path: path.stat().st_mtime_ns for path in read} == read
    assert server.flow_runs(BATCH)[-1]["state_type"] == "COMPLETED"


def imports(place: Place, *arguments: str, **env: str) -> tuple[int, str]:
    """Exit code of `opis`, and the modules that it and its processes imported."""
    command = [sys.executable, "-X", "importtime", str(OPIS), *arguments]
    done = subprocess.run(
        command,
        cwd=place.root,
        env=place.env(**env),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, done.stderr


def test_without_a_server_prefect_is_not_even_imported(small_place, tmp_path):
    home = tmp_path / "prefect-home"
    code, told = imports(small_place, "scan-batch", "small", "--quiet", PREFECT_HOME=str(home))
    assert code == 0
    assert "flows.work" in told
    assert "prefect" not in told
    assert not home.exists()


def unreachable(kind: str) -> tuple[str, socket.socket]:
    """An address where nothing listens, or where somebody listens and never answers."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    if kind == "silent":
        listener.listen()
    return f"http://ana:parola@127.0.0.1:{listener.getsockname()[1]}/api", listener


@pytest.mark.parametrize("kind", ["closed", "silent"])
def test_a_server_that_does_not_answer_stops_the_command_before_it_begins(small_place, kind):
    url, listener = unreachable(kind)
    with listener:
        done = small_place.run("scan-batch", "small", PREFECT_API_URL=url)
        watched = small_place.run("watch", "--once", "--json", PREFECT_API_URL=url)
    assert (done.code, done.out) == (5, "")
    assert "Serverul Prefect nu răspunde" in done.err
    assert "Remediu" in done.err
    assert "parola" not in done.err + watched.out + watched.err
    assert (watched.code, watched.json["error"]["code"]) == (5, "prefect-unreachable")
    assert not small_place.archive.exists()


def test_only_a_service_that_is_away_is_tried_again(prefect_environment):
    done = subprocess.run(
        [sys.executable, "-c", RETRIES],
        cwd=ROOT,
        env=prefect_environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout.split() == ["3", "1"], done.stderr
