"""Several processes at one index: reading while another writes, killed writers, two writers."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from schemas.errors import InputError, ServiceError
from schemas.settings import Settings
from search import generations
from search.backend import open_backend
from search.query import parse
from tests.search.index_samples import A, B, page, pages_found, sample

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from schemas.settings import load_settings
from search.backend import open_backend
from tests.search.index_samples import page

backend = open_backend(load_settings({}), write=True)
for number in range(int(sys.argv[2])):
    unit = f"{sys.argv[1]}-{number:04d}"
    backend.replace_unit(unit, [page(unit, n, f"scara {n}") for n in range(1, 6)])
    if sys.argv[3] == "hang":
        print("written", flush=True)
        sys.stdin.read()
    backend.commit()
    print(unit, flush=True)
"""


def writer(settings, name, units, mode="commit"):
    environment = {
        **os.environ,
        "OPIS_ARCHIVE": str(settings.archive),
        "OPIS_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "OPIS_ELASTICSEARCH_PREFIX": settings.elasticsearch_prefix,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(units), mode],
        env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def test_what_another_process_commits_is_found_at_once(archive):
    reader = archive.fill(sample()[0])
    seen = []
    with writer(archive.settings, "ua-other", 6) as process:
        for _line in process.stdout:
            seen.append(reader.count())
            assert pages_found(reader, "crinului") == [(A, 2)]

    assert process.returncode == 0
    assert seen == sorted(seen)
    assert [count >= 3 + 5 * n for n, count in enumerate(seen, 1)] == [True] * 6
    assert reader.count() == 33


def test_two_writers_take_turns(embedded):
    writers = [writer(embedded.settings, f"ua-{name}", 8) for name in ("one", "two")]
    for process in writers:
        process.communicate(timeout=120)

    assert [process.returncode for process in writers] == [0, 0]
    assert embedded.open().count() == 80


def killed_writer(settings):
    """A writer that was killed between its first document and its commit."""
    process = writer(settings, "ua-lost", 1, "hang")
    assert process.stdout.readline() == "written\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_killed_writer_leaves_an_index_that_opens_and_can_be_written(embedded, monkeypatch):
    monkeypatch.setattr(generations, "WAIT_SECONDS", 0.0)
    backend = embedded.fill(sample()[0])
    killed_writer(embedded.settings)

    assert backend.count() == 3
    fresh = embedded.open(write=True)
    fresh.replace_unit(B, sample()[1])
    fresh.commit()
    assert (fresh.count(), backend.count()) == (5, 5)


def test_a_writer_that_does_not_get_the_lock_says_so(embedded, monkeypatch):
    monkeypatch.setattr(generations, "WAIT_SECONDS", 0.2)
    first, second = embedded.open(write=True), embedded.open(write=True)
    first.replace_unit(A, sample()[0])

    with pytest.raises(InputError, match="index-busy"):
        second.replace_unit(B, sample()[1])
    first.commit()
    second.replace_unit(B, sample()[1])
    second.commit()
    assert first.count() == 5


def test_what_was_not_committed_is_dropped_on_close(embedded):
    backend = embedded.fill(sample()[0])
    backend.replace_unit(A, sample()[0][:1])
    backend.close()

    assert backend.count() == 3


def test_what_is_dropped_is_not_found_and_others_may_write(embedded, monkeypatch):
    monkeypatch.setattr(generations, "WAIT_SECONDS", 0.2)
    first, second = embedded.fill(sample()[0]), embedded.open(write=True)
    first.replace_unit(A, sample()[0][:1])
    first.drop()
    second.replace_unit(B, sample()[1])
    second.commit()
    first.replace_unit(A, sample()[0][:2])
    first.commit()

    assert first.count() == 2 + len(sample()[1])


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(embedded):
    backend = embedded.fill(*sample())

    def pages():
        yield sample()[2][0]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        backend.rebuild(pages())
    assert backend.count() == 6
    assert backend.rebuild(sample()[0]) == 3
    folders = [path.name for path in (embedded.settings.layout.index / "staff").iterdir()]
    assert sorted(folders) == ["000003", "current", "lock"]


def test_searches_go_on_while_the_index_is_rebuilt(embedded):
    backend = embedded.fill(*sample())
    stop, totals, errors = threading.Event(), set(), []

    def searching():
        reader = embedded.open()
        while not stop.is_set():
            try:
                totals.add(reader.search(parse("strada"), {}).total)
            except Exception as error:  # noqa: BLE001 any error is what the test looks for
                errors.append(error)

    threads = [threading.Thread(target=searching) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        backend.rebuild([one for pages in sample() for one in pages])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert totals == {3}


def test_a_damaged_index_is_named_and_a_rebuild_heals_it(embedded):
    backend = embedded.fill(*sample())
    staff = embedded.settings.layout.index / "staff"
    (staff / (staff / "current").read_text() / "meta.json").write_text("{")

    with pytest.raises(InputError, match="index-damaged"):
        backend.count()
    with pytest.raises(InputError, match="index-damaged"):
        backend.replace_unit(A, sample()[0])
    assert backend.rebuild(sample()[0]) == 3
    assert backend.count() == 3


def test_an_index_that_is_gone_is_made_anew(embedded):
    embedded.settings.layout.index.mkdir(parents=True)
    backend = embedded.open(write=True)

    assert (embedded.settings.layout.index / "public" / "current").is_file()
    assert (backend.count(), backend.count("public")) == (0, 0)


def test_the_embedded_index_does_not_load_the_elasticsearch_client():
    code = (
        "import sys, search.web.application, search.backend; print('elasticsearch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


def test_an_elasticsearch_that_does_not_answer_is_named_without_its_password(tmp_path, free_port):
    url = f"http://opis:secret@127.0.0.1:{free_port}"
    settings = Settings(archive=tmp_path, elasticsearch_url=url)
    for act in (
        lambda: open_backend(settings, write=True),
        lambda: open_backend(settings).search(parse("strada"), {}),
        lambda: open_backend(settings).count(),
    ):
        with pytest.raises(ServiceError) as caught:
            act()
        assert caught.value.code == "elasticsearch-unreachable"
        assert caught.value.file == f"http://127.0.0.1:{free_port}"


def test_an_address_that_is_none_is_a_service_that_does_not_answer(tmp_path):
    settings = Settings(archive=tmp_path, elasticsearch_url="nonsense")

    with pytest.raises(ServiceError):
        open_backend(settings).count()


@pytest.mark.services
def test_pages_that_elasticsearch_refuses_are_named(
    elasticsearch_url, elasticsearch_prefix, tmp_path
):
    settings = Settings(
        archive=tmp_path,
        elasticsearch_url=elasticsearch_url,
        elasticsearch_prefix=elasticsearch_prefix,
    )
    backend = open_backend(settings, write=True)
    good, bad = page(A, 1, "strada"), page(A, 2**40, "alta")

    with pytest.raises(InputError) as caught:
        backend.replace_unit(A, [good, bad])
    backend.commit()
    assert caught.value.code == "index-refused"
    assert caught.value.detail["n"] == "1"
    assert f"{A}.{2**40}" in caught.value.detail["list"]
    assert pages_found(backend, "strada") == [(A, 1)]
