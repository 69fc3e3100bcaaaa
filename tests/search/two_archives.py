"""Two archives that are the same to everybody outside: one of them also holds what is not public."""

import re
import shutil
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from fastapi import FastAPI
from httpx import Response
from PIL import Image

from flows.portal import stores_of
from flows.publication.feed import note_hidden, note_public
from pipeline.ledger import open_ledger
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import open_backend
from search.web.application import create_app
from search.web.parts import PagePicture, Parts
from tests.search.index_samples import unit_on_disk
from tests.search.portal_samples import copy_on_disk

OPEN, MIXED, GONE, CLOSED = "ua-open0001", "ua-mixed002", "ua-gone0003", "ua-clos0004"
PUBLIC_DOCUMENT, COPIED, WITHDRAWN = "docopen1", "docmixe2", "docgone3"
HIDDEN_DOCUMENT = f"{CLOSED}-d1"
WORDS = ("ascunsul", "tainic", "Vasilescu", "1850101221144", "zăvorât", "iluminatul")
"""What only documents that are not public say, but for the last."""
SETTINGS = {"anonymous_calls": 1e6, "institution": "Primăria Exemplu"}


COPIES = (
    (OPEN, PUBLIC_DOCUMENT, "iluminatul public pe Strada Crinului, hotărâre"),
    (MIXED, COPIED, "cererea domnului privind parcarea din cartier"),
    (GONE, WITHDRAWN, "autorizație de construire retrasă"),
)


@dataclass(frozen=True, slots=True)
class Two:
    """The archives' settings: without and with hidden documents."""

    absent: Settings
    present: Settings

    @property
    def remote(self) -> bool:
        """Whether they are searched by Elasticsearch."""
        return bool(self.absent.elasticsearch_url)


def _page(unit: str, document: str, text: str, **told: str) -> IndexedPage:
    return IndexedPage(unit, document, 1, 1, "1", text, **told)


def two_archives(folder: Path, url: str = "", prefix: str = "opis") -> Two:
    """Makes both: the public part once, then a copy with all that is hidden laid beside it."""
    absent, present = (
        Settings(
            archive=folder / name,
            elasticsearch_url=url,
            elasticsearch_prefix=f"{prefix}-{name}",
            **SETTINGS,
        )
        for name in ("absent", "present")
    )
    public = _open_files(absent)
    shutil.copytree(absent.archive, present.archive)
    for settings in (absent, present):
        _open_index(settings, public)
    _hidden_part(present)
    return Two(absent, present)


def _open_files(settings: Settings) -> list[tuple[IndexedPage, ...]]:
    """Copies on disk and in the feed, the last one withdrawn again; what the index takes of them."""
    public = []
    with open_ledger(settings) as ledger:
        for unit, document, text in COPIES:
            public.append(copy_on_disk(settings.layout.unit(unit), document, text))
            note_public(settings.layout.unit(unit), ledger)
        shutil.rmtree(settings.layout.unit(GONE).root)
        note_hidden(GONE, ledger)
    return public


def _open_index(settings: Settings, public: list[tuple[IndexedPage, ...]]) -> None:
    backend = open_backend(settings, write=True)
    for pages in public:
        backend.replace_unit(pages[0].unit, pages, role="public")
    backend.remove_unit(GONE, role="public")
    backend.commit()
    backend.replace_unit(OPEN, (_page(OPEN, PUBLIC_DOCUMENT, COPIES[0][2]),))
    backend.commit()
    backend.close()


def _hidden_part(settings: Settings) -> None:
    """A restricted unit, the original of a public copy, a withdrawn document, a proposed copy."""
    secret = " ".join(WORDS)
    told = {"type": "decizie tainică", "fond": "Fond ascuns", "date": "1951-03-04", "year": "1951"}
    units = (
        [_page(CLOSED, HIDDEN_DOCUMENT, f"{secret} pe Strada Crinului", **told)],
        [_page(MIXED, COPIED, f"cererea domnului {secret} privind parcarea", **told)],
        [_page(GONE, WITHDRAWN, f"autorizație de construire retrasă {secret}", **told)],
    )
    backend = open_backend(settings, write=True)
    for pages in units:
        unit_on_disk(settings.layout, pages)
        backend.replace_unit(pages[0].unit, pages)
        backend.commit()
    backend.close()
    layout = settings.layout.unit(CLOSED)
    copy_on_disk(layout, "docprop5", secret)
    layout.public.rename(layout.public.with_name("proposed"))


def public_picture(page_id: str, highlight: str) -> PagePicture:
    """A picture of a public copy, its colour by what is asked for."""
    out = BytesIO()
    shade = len(page_id) + len(highlight)
    Image.new("L", (124, 175), shade % 256).save(out, "JPEG")
    return PagePicture(out.getvalue(), "image/jpeg", str(shade))


def undated(answer: Response) -> bytes:
    """A body without the time at which it was made, which OAI-PMH tells in it."""
    return re.sub(rb"(?<=<responseDate>)[0-9TZ:-]{20}(?=</responseDate>)", b"", answer.content)


def never(page_id: str, highlight: str) -> PagePicture:
    """Nobody outside has an original drawn."""
    raise AssertionError(page_id, highlight)


def application(settings: Settings, ledger: object, **given: object) -> FastAPI:
    """The application over one of them."""
    settings = replace(settings, **given)
    backend = open_backend(settings)
    stores = stores_of(settings, ledger, backend)
    return create_app(Parts(settings, never, public_picture, backend, stores=stores))
