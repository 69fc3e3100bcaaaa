"""Warnings by e-mail and webhook; a notice that cannot be sent is tried again and stops nothing."""

import json
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from functools import partial
from http.client import HTTPException
from urllib.parse import unquote, urlsplit

from flows.watching.station_health import Warned
from schemas.messages import say
from schemas.settings import Settings

_SECONDS = 10.0
_SECURE = "smtps"
_WEB = frozenset({"http", "https"})
_UNSENT = (
    OSError,
    smtplib.SMTPException,
    HTTPException,
    ValueError,
    MessageError,
    AttributeError,
    LookupError,
    TypeError,
)
"""What sending raises; the last four come from Python's parser on an address that is none."""


class NoticeError(Exception):
    """A notice was not taken by the mail server or the webhook; the text says why, no more."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A condition that began, or one that is over."""

    warned: Warned
    cleared: bool = False

    def subject(self, language: str) -> str:
        key = "notice_subject_cleared" if self.cleared else "notice_subject"
        cause = self.warned.told(language).cause
        return " ".join(say(key, language, station=self.warned.station or "–", cause=cause).split())

    def body(self, language: str) -> str:
        told = self.warned.told(language)
        if self.cleared:
            return say("notice_cleared", language, cause=told.cause) + "\n"
        return f"{told.cause}\n{told.remedy}\n"


def _mail(notice: Notice, settings: Settings) -> EmailMessage:
    language = settings.interface_language
    message = EmailMessage()
    message["Subject"] = notice.subject(language)[:200]
    message["From"] = settings.notice_from
    message["To"] = settings.notice_email
    message.set_content(notice.body(language))
    return message


def _send_mail(notice: Notice, settings: Settings) -> None:
    where = urlsplit(settings.smtp_url)
    host, secure = where.hostname or "localhost", where.scheme == _SECURE
    if secure:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, where.port or 465, timeout=_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, where.port or 25, timeout=_SECONDS)
    with server:
        if where.username:
            if not secure:
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(where.username), unquote(where.password or ""))
        server.send_message(_mail(notice, settings))


def _post(notice: Notice, settings: Settings) -> None:
    language = settings.interface_language
    told = notice.warned.told(language)
    body = {
        "station": notice.warned.station,
        "code": notice.warned.code,
        "cleared": notice.cleared,
        "reason": told.cause,
        "remedy": told.remedy,
    }
    if urlsplit(settings.notice_webhook).scheme not in _WEB:
        raise NoticeError("URL")
    request = urllib.request.Request(  # noqa: S310 the scheme was checked just above
        settings.notice_webhook,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 as above
        return


def channels(settings: Settings) -> Iterator[Callable[[Notice], None]]:
    """How notices go out, by the settings; each raises NoticeError."""
    ways = (
        (settings.notice_email, _send_mail),
        (settings.notice_webhook, _post),
    )
    for wanted, way in ways:
        if wanted:
            yield partial(_by, way, settings)


def _by(way: Callable[[Notice, Settings], None], settings: Settings, notice: Notice) -> None:
    try:
        way(notice, settings)
    except _UNSENT as error:
        raise NoticeError(type(error).__name__) from error
