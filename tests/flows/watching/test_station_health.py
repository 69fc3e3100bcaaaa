"""Heartbeat of stations, their warnings, and notices to a real mail server and a real web server."""

import email
import email.policy
import json
import os
import socketserver
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.commands.status import status
from flows.watching.looking import Eyes, Seen
from flows.watching.loop import _pause
from flows.watching.notices import Notice, NoticeError, channels
from flows.watching.station_health import Warned, station_health, working_minutes
from flows.watching.telling import Watch, told_of
from flows.watching.warning import Warner
from pipeline.ledger import open_ledger
from scanners.delivery.holders import new_holder
from scanners.delivery.receipts import Receipt, write_receipt
from scanners.delivery.stations import prepare_station, station_rules
from schemas.errors import UsageError
from schemas.settings import Settings


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a sink needs."""

    def handle(self):
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.got.append(b"".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class _Web(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def serving(server):
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mail():
    with serving(socketserver.TCPServer(("127.0.0.1", 0), _Mail)) as server:
        yield server


@pytest.fixture
def web():
    with serving(HTTPServer(("127.0.0.1", 0), _Web)) as server:
        yield server


def settings(tmp_path, **more):
    return Settings(
        archive=tmp_path, **{"free_mb": 0, "free_share": 0.0, "working_hours": "", **more}
    )


@pytest.fixture
def station(tmp_path):
    return prepare_station(settings(tmp_path), "S2")


def ago(**some):
    return (datetime.now().astimezone() - timedelta(**some)).isoformat(timespec="seconds")


LATE = Warned("S2", "drop-late", {"f": "S2", "n": "7", "drop": "a.pdf"})


def posts(server):
    return f"http://127.0.0.1:{server.server_address[1]}/opis"


def test_an_email_and_a_post_say_cause_and_remedy(tmp_path, mail, web):
    chosen = settings(
        tmp_path,
        smtp_url=f"smtp://127.0.0.1:{mail.server_address[1]}",
        notice_email="arhiva@primarie.example, it@primarie.example",
        notice_webhook=posts(web),
    )
    for notice in (Notice(LATE), Notice(LATE, cleared=True)):
        for way in channels(chosen):
            way(notice)
    first, second = (email.message_from_bytes(m, policy=email.policy.default) for m in mail.got)
    assert first["To"] == "arhiva@primarie.example, it@primarie.example"
    assert "stația S2: La stația „S2” o depunere așteaptă de 7 minute" in first["Subject"]
    assert "opis watch rulează" in first.get_content()
    assert second["Subject"] == "Opis, stația S2: remediat"
    (kind, told), (_, cleared) = web.got
    assert kind.startswith("application/json")
    assert (told["station"], told["code"], told["cleared"]) == ("S2", "drop-late", False)
    assert "a.pdf" in told["reason"]
    assert cleared["cleared"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:1/x", "no url"])
def test_a_notice_that_cannot_be_sent_says_why(tmp_path, url):
    (way,) = channels(settings(tmp_path, notice_webhook=url))
    with pytest.raises(NoticeError):
        way(Notice(LATE))


def test_without_a_setting_nothing_is_sent(tmp_path):
    assert list(channels(settings(tmp_path))) == []


class Watched:
    """A warner as the watch uses it, with the events that it tells."""

    def __init__(self, chosen, station, **more):
        self.events = []
        self.watching = Watch(chosen, self.events.append, None, new_holder())
        self.warner, self.station = Warner(self.watching, **more), station

    def check(self):
        self.warner._last = -1e9
        self.warner.check([Seen(self.station, station_rules(self.station, self.watching.settings))])
        return [(event["event"], event["file"]) for event in self.events]


def eventually(condition):
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def old_drop(station, minutes=7):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    write_receipt(station, "a.pdf", Receipt("waiting", received=ago(minutes=minutes)))


def test_a_condition_is_told_once_by_one_watcher_and_again_when_it_is_over(tmp_path, station, web):
    chosen = settings(tmp_path, notice_webhook=posts(web), retry_seconds=0.1)
    one, two = Watched(chosen, station), Watched(chosen, station)
    assert one.check() == two.check() == []
    old_drop(station)
    told = [("warning", "drop-late")]
    assert (one.check(), two.check(), one.check()) == (told, [], told)
    (station.inbox / "a.pdf").unlink()
    assert two.check() == [("cleared", "drop-late")]
    assert one.check() == told
    eventually(lambda: len(web.got) == 2)
    assert sorted(body["cleared"] for _, body in web.got) == [False, True]
    one.warner.close()
    two.warner.close()


def test_the_index_is_a_condition_too_and_over_only_once_it_was_asked(tmp_path, station):
    away = settings(tmp_path, elasticsearch_url="http://127.0.0.1:1")
    told = [("warning", "elasticsearch-unreachable")]
    asking, started_later = Watched(away, station, index_seconds=0), Watched(away, station)
    assert (asking.check(), asking.check()) == (told, told)
    assert started_later.check() == []
    back = Watched(settings(tmp_path), station, index_seconds=0)
    assert back.check() == [("cleared", "elasticsearch-unreachable")]
    for watched in (asking, started_later, back):
        watched.warner.close()


def test_a_failing_notice_is_tried_again_and_stops_nothing(tmp_path, station, web):
    web.answer = 503
    chosen = settings(tmp_path, notice_webhook=posts(web), retry_seconds=0.1)
    watched = Watched(chosen, station)
    old_drop(station)
    assert watched.check() == [("warning", "drop-late")]
    eventually(lambda: len(web.got) >= 3)
    web.answer = 200
    eventually(watched.warner._post._waiting.empty)
    assert watched.check() == [("warning", "drop-late")]
    watched.warner.close()


def test_one_way_that_is_down_holds_up_no_other_and_order_is_kept(tmp_path, station, web):
    chosen = settings(
        tmp_path,
        notice_email="it@primarie.example",
        smtp_url="smtp://127.0.0.1:1",
        notice_webhook=posts(web),
        retry_seconds=0.5,
    )
    web.answer = 503
    watched = Watched(chosen, station)
    old_drop(station)
    watched.check()
    eventually(lambda: len(web.got) == 1)  # long before the mail server is given up
    (station.inbox / "a.pdf").unlink()
    watched.check()
    web.answer = 200
    eventually(lambda: len(web.got) >= 3)
    watched.warner.close()
    assert [body["cleared"] for _, body in web.got[-2:]] == [False, True]


@pytest.mark.parametrize(
    ("told", "when", "minutes"),
    [
        ("1-5 08:00-16:00", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), 90),  # a Friday
        ("1-5 08:00-16:00", datetime(2026, 11, 21, 9, 30, tzinfo=UTC), -1),
        ("1-5 08:00-16:00", datetime(2026, 11, 20, 16, 0, tzinfo=UTC), -1),
        ("1-7 00:00-24:00", datetime(2026, 11, 22, 0, 0, tzinfo=UTC), 0),
        ("", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), -1),
        ("1-5 22:00-06:00", datetime(2026, 11, 20, 23, 30, tzinfo=UTC), 90),
        ("1-5 22:00-06:00", datetime(2026, 11, 21, 1, 0, tzinfo=UTC), 180),  # Friday's night
        ("1-5 22:00-06:00", datetime(2026, 11, 22, 1, 0, tzinfo=UTC), -1),
        ("1-5 22:00-06:00", datetime(2026, 11, 20, 6, 0, tzinfo=UTC), -1),
        ("6-1 08:00-16:00", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), 60),
    ],
)
def test_working_hours(told, when, minutes):
    assert working_minutes(told, when) == minutes


@pytest.mark.parametrize("address", ["a@[", "@", "<", "a@b,", "undisclosed:;", "ș@ț"])
def test_an_address_that_is_none_is_a_notice_that_fails_and_no_more(tmp_path, mail, address):
    where = f"smtp://127.0.0.1:{mail.server_address[1]}"
    chosen = settings(tmp_path, notice_email=address, notice_from=address, smtp_url=where)
    (way,) = channels(chosen)
    with suppress(NoticeError):  # any other error would end the thread that sends all notices
        way(Notice(LATE))


def test_working_hours_that_say_nothing_are_a_setting_to_correct():
    with pytest.raises(UsageError):
        working_minutes("luni-vineri", datetime(2026, 11, 20, tzinfo=UTC))


def test_a_station_that_is_silent_in_working_hours(tmp_path, station):
    chosen = settings(tmp_path, working_hours="1-7 00:00-24:00", silent_minutes=0.001)
    assert station_health(station, chosen).warnings == ()  # it never delivered
    write_receipt(station, "a.pdf", Receipt("done", received=ago(minutes=5)))
    warned = station_health(station, chosen).warnings
    assert [w.code for w in warned] == ["station-silent"]
    assert "de 5 minute" in warned[0].told("ro").cause
    assert station_health(station, settings(tmp_path)).warnings == ()


def test_status_tells_of_every_station(tmp_path, station):
    chosen = settings(tmp_path)
    with open_ledger(chosen) as ledger:
        row, _ = ledger.claim_unit("k", "raft", "S2", "raft")
        ledger.set_unit_state(row.id, "published", 196)
    write_receipt(station, "raft", Receipt("done", received=ago(minutes=3)))
    prepare_station(chosen, "S10")
    old_drop(station, 12)
    (station.root / "station.toml").write_text("delivery = 7")
    answer = status(chosen, None)
    one, two = answer.payload["stations"]
    assert (one["station"], two["station"]) == ("S2", "S10")
    assert (one["oldest_unclaimed"], one["pages_an_hour"]) == ("a.pdf", 196)
    assert 12 * 60 <= one["oldest_unclaimed_seconds"] < 13 * 60
    assert one["warnings"] == ["station-settings", "drop-late"]
    assert (two["last_drop"], two["oldest_unclaimed_seconds"], two["warnings"]) == (None, None, [])
    told = "\n".join(answer.lines)
    assert "stația S2: ultima depunere" in told
    assert "cea mai veche nepreluată 12 min" in told
    assert "! La stația „S2” o depunere așteaptă de 12 minute să fie preluată: a.pdf." in told
    assert [w["code"] for w in answer.payload["warnings"]] == ["station-settings", "drop-late"]


def test_a_drop_that_nobody_looked_at_is_as_old_as_its_entry(tmp_path, station):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    os.utime(station.inbox / "a.pdf", (0, 0))
    assert 0 <= station_health(station, settings(tmp_path)).oldest_seconds < 60


def test_half_a_receipt_of_a_killed_run_goes_at_the_next_start(tmp_path, station):
    old, young = (station.receipts / f".{name}.part" for name in ("old", "young"))
    for path in (old, young):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    eyes = Eyes(Watch(settings(tmp_path), print, None, new_holder()))
    eyes.look()
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(24, "EMFILE"), "Prea multe fișiere deschise deodată"),
        (OSError(23, "ENFILE"), "Prea multe fișiere deschise deodată"),
        (OSError(28, "ENOSPC"), "Discul arhivei este plin"),
        (OSError(5, "EIO"), "Input/output error"),
        (ValueError("Ion Popescu"), "ValueError"),
    ],
)
def test_what_the_system_refuses_is_told_by_its_cause(tmp_path, error, cause):
    watching = Watch(settings(tmp_path), print, None, new_holder())
    told = told_of(error, watching)
    assert cause in told
    assert "Popescu" not in told


@pytest.mark.parametrize(("setting", "pause"), [(5.0, 5.0), (60.0, 60.0), (3600.0, 60.0)])
def test_everything_is_looked_at_once_a_minute_whatever_is_set(setting, pause):
    assert _pause(Settings(rescan_seconds=setting)) == pause
