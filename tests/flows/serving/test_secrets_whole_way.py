"""The first administrator, keys and the chain by real commands; no secret in process lists, logs or messages."""

import re
import signal
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.flows.opis_command import OPIS, Place, ended, killed_at_last, wait_until
from tests.services.process import answers, free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
PASSWORD, WRONG = "foarte-tainica-2026", "gresita-tainica-2026"
QUERY = "cautaretainica"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "archive").mkdir()
    return Place(tmp_path)


@contextmanager
def started(place: Place, *arguments, line: str):
    """A command under way that was told one line on stdin."""
    command = [OPIS, *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=place.root, env=place.env(), start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdin.write(f"{line}\n".encode())
    process.stdin.close()
    process.stdin = None
    with killed_at_last(process):
        yield process


def seen_by_others(process) -> str:
    """What the process list tells of a process and its children: arguments and environment."""
    found = []
    for one in (process, *process.children(recursive=True)):
        found += [*one.cmdline(), *one.environ().values()]
    return "\n".join(found)


def test_no_secret_is_in_process_lists_logs_or_messages(place):
    port = free_port()
    with started(place, "serve", "--init", "--port", port, line=PASSWORD) as process:
        base = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: answers(f"{base}/api/v1/health"), process)
        key = place.run("keys", "add", "portal", "--json").json["key"]
        with httpx.Client(base_url=base, trust_env=False, timeout=60) as web:
            wrong = web.post("/api/v1/session", json={"name": "admin", "password": WRONG})
            signed = web.post("/api/v1/session", json={"name": "admin", "password": PASSWORD})
            token = signed.json()["token"]
            for shown in (token, key):
                headers = {"Authorization": f"Bearer {shown}"}
                found = web.get("/api/v1/search", params={"q": QUERY}, headers=headers)
                assert found.status_code == 200
        listed = seen_by_others(psutil.Process(process.pid))
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert (wrong.status_code, signed.status_code, done.code in {0, 130}) == (401, 201, True)
    secrets = (PASSWORD, WRONG, token, key, QUERY)
    written = b"".join(p.read_bytes() for p in sorted(place.archive.rglob("*")) if p.is_file())
    for secret in secrets:
        assert secret not in listed
        assert secret not in done.out + done.err
        assert secret.encode() not in written
    assert PASSWORD not in wrong.text
    actors = {one["actor"] for one in place.run("audit", "list", "--json").json["entries"]}
    assert all(re.fullmatch(r"-|opis|account-1|person-[0-9a-f]{12}", one) for one in actors)


def test_a_made_password_is_shown_once_and_verify_tells_by_its_exit_code(place):
    made = place.run("accounts", "add", "ioana", "--role", "jurist", "--json").json
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", made["password"])
    assert made["password"] not in place.run("accounts", "list", "--json").out
    assert place.run("audit", "anchor", "--json").json["anchor"] == "000000000001.json"
    whole = place.run("audit", "verify", "--json")
    assert (whole.code, whole.json["whole"], whole.json["entries"]) == (0, True, 2)
    kept = place.root / "kept.pem"
    kept.write_bytes((place.archive / "anchors" / "public.pem").read_bytes())
    assert place.run("audit", "verify", "--public-key", kept).code == 0
    with closing(sqlite3.connect(place.archive / "ledger.db")) as ledger:
        ledger.execute("UPDATE audit SET subject = 'account-9' WHERE seq = 1")
        ledger.commit()
    broken = place.run("audit", "verify", "--json")
    assert (broken.code, broken.json["breaks"]) == (3, [{"kind": "edited", "seq": 1, "file": ""}])
    (place.archive / "keys" / "audit.pem").unlink()
    unknown = place.run("audit", "verify", "--json").json
    assert {one["kind"] for one in unknown["breaks"]} >= {"anchor-forged"}
    exported = place.run("audit", "export", "jurnal.jsonl", "--json").json
    assert exported["entries"] == len((place.root / "jurnal.jsonl").read_text().splitlines())


def test_a_second_first_administrator_is_refused(place):
    args = ("serve", "--init", "--port", 0)
    place.run("accounts", "add", "sef", "--role", "admin", "--json")
    done = place.run(*args, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "admin-exists")


KEY_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|opis_[a-z0-9]{8}_[A-Za-z0-9_-]{43}|AKIA[0-9A-Z]{16}"
)


def test_no_secret_is_in_the_repository():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    names = [ROOT / name.decode() for name in listed if name]
    texts = (p for p in names if p.is_file() and p.stat().st_size < 1_000_000)
    own = {Path(__file__).name, "test_audit_chain.py", "signing.py"}
    wrong = [
        str(path)
        for path in texts
        if path.name not in own and KEY_SHAPES.search(path.read_text("utf-8", errors="replace"))
    ]
    assert wrong == []
