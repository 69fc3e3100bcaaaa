"""Each service that tests rely on is the real thing, is ours alone, and does not outlive us."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pikepdf
import psutil
import pytest
from PIL import ImageCms
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.services.process import ServiceError, free_port, running

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="2" pdfaid:conformance="U"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
HOLDER = """
import sys
from pathlib import Path
from tests.services.process import running
log = Path(sys.argv[1])
with running("sleep", ["sleep", "300"], lambda: True, log, unprivileged=True) as process:
    print(process.pid, flush=True)
    sys.stdin.read()
"""


def write_pdf(path: Path, *, archival: bool) -> Path:
    """A one-page PDF without content, as PDF/A-2u or as nothing in particular."""
    with closing(pikepdf.new()) as pdf:
        pdf.add_blank_page()
        if archival:
            profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
            intent = pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB",
                DestOutputProfile=pikepdf.Stream(pdf, profile, N=3),
            )
            pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])
            metadata = pikepdf.Stream(pdf, XMP.encode())
            metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
            pdf.Root.Metadata = pdf.make_indirect(metadata)
        pdf.save(path, deterministic_id=True)
    return path


def listeners(port: int) -> list:
    found = psutil.net_connections("tcp")
    return [c for c in found if c.status == psutil.CONN_LISTEN and c.laddr.port == port]


def assert_only_loopback_and_not_root(port: int) -> None:
    found = listeners(port)
    assert {connection.laddr.ip for connection in found} <= {"127.0.0.1", "::ffff:127.0.0.1"}
    assert found
    assert all(psutil.Process(connection.pid).uids().real != 0 for connection in found)


def test_elasticsearch_is_a_real_one_and_folds_romanian_letters(
    elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    with httpx.Client(base_url=elasticsearch_url, timeout=30) as client:
        assert client.get("/").json()["version"]["number"].startswith("9.")
        index = f"/{elasticsearch_prefix}-pages"
        analysis = {"analyzer": {"plain": {"tokenizer": "standard", "filter": ["asciifolding"]}}}
        made = client.put(index, json={"settings": {"analysis": analysis}})
        assert made.is_success, made.text
        answer = client.post(f"{index}/_analyze", json={"analyzer": "plain", "text": "hotărâri ș"})
    assert [token["token"] for token in answer.json()["tokens"]] == ["hotarari", "s"]


@pytest.mark.skipif(
    "OPIS_TEST_ELASTICSEARCH_URL" in os.environ, reason="a given server is not ours to look into"
)
def test_elasticsearch_listens_on_loopback_as_an_ordinary_user(elasticsearch_url: str) -> None:
    assert_only_loopback_and_not_root(httpx.URL(elasticsearch_url).port or 0)


def test_a_tests_indices_are_removed_after_it(
    elasticsearch_url: str, request: pytest.FixtureRequest
) -> None:
    names = httpx.get(f"{elasticsearch_url}/opis-test-*/_settings").json()
    assert names == {}, "indices of an earlier test were left"


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_gets_an_empty_database(postgres_database: str, attempt: int) -> None:
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE pages (letters text)"))
        connection.execute(text("INSERT INTO pages VALUES ('șțăâî')"))
        assert connection.execute(text("SELECT upper(letters) FROM pages")).scalar() == "ȘȚĂÂÎ"
    engine.dispose()


@pytest.mark.skipif(
    "OPIS_TEST_POSTGRES_URL" in os.environ, reason="a given server is not ours to look into"
)
def test_postgres_listens_on_loopback_as_an_ordinary_user(postgres_url: str) -> None:
    assert_only_loopback_and_not_root(create_engine(postgres_url).url.port or 0)


def test_prefect_server_answers_and_its_client_reaches_it(
    prefect_api_url: str, prefect_environment: dict[str, str]
) -> None:
    assert httpx.get(f"{prefect_api_url}/health").json() is True
    pool = f"probe-{uuid4().hex[:8]}"
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "work-pool", "create", pool, "--type", "process"],
        env=prefect_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert httpx.get(f"{prefect_api_url}/work_pools/{pool}").json()["name"] == pool


def test_verapdf_passes_what_complies_and_names_what_does_not(tmp_path: Path, verapdf) -> None:
    good = write_pdf(tmp_path / "bun ă.pdf", archival=True)
    bad = write_pdf(tmp_path / "rău.pdf", archival=False)
    verdicts = verapdf([good, bad], "2u")
    assert verdicts[good], verdicts[good].failed
    assert not verdicts[bad]
    assert any("metadata" in rule.lower() for rule in verdicts[bad].failed)


def test_verapdf_refuses_to_judge_what_is_no_pdf(tmp_path: Path, verapdf) -> None:
    path = tmp_path / "text.pdf"
    path.write_text("not a PDF")
    with pytest.raises(ServiceError, match=r"could not check|exit code"):
        verapdf([path], "2u")


def test_a_page_served_on_loopback_is_shown_and_can_be_photographed(
    tmp_path: Path, web_page: Page
) -> None:
    (tmp_path / "index.html").write_text(
        "<meta charset=utf-8><button onclick='this.id=1'>Caută</button>"
    )
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        web_page.goto(f"http://127.0.0.1:{server.server_port}/")
        web_page.get_by_role("button", name="Caută").click()
        assert web_page.locator("button").get_attribute("id") == "1"
        assert web_page.screenshot().startswith(b"\x89PNG")
        server.shutdown()


def test_the_browser_leaves_no_event_loop_behind() -> None:
    assert asyncio.run(asyncio.sleep(0, result=7)) == 7


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no room left; exit 3"]
    with (
        pytest.raises(ServiceError, match=r"(?s)exit code 3.*no room left"),
        running("A server", command, lambda: False, tmp_path / "log"),
    ):
        pass


def test_waiting_for_a_server_is_bounded_and_ends_it(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    with (
        pytest.raises(ServiceError, match="did not answer within 2 s"),
        running("A server", command, lambda: False, tmp_path / "log", seconds=2),
    ):
        pass
    assert listeners(port) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_dies_with_the_process_that_started_it(
    tmp_path: Path, how: signal.Signals
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "log")],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    server = psutil.Process(int(holder.stdout.readline()))
    deadline = time.monotonic() + 10
    while server.name() != "sleep" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.uids().real != 0
    holder.send_signal(how)
    holder.wait()
    psutil.wait_procs([server], timeout=10)
    assert not server.is_running()
