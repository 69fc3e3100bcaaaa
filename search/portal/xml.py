"""What every XML answer needs: text that XML can hold, times in UTC."""

import re
from datetime import UTC, datetime

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def moment(text: str) -> datetime:
    """A time of the archive (ISO 8601); without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def utc(text: str) -> str:
    """A time of the archive as RFC 3339 in UTC, to the second."""
    return moment(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
