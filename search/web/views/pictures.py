"""Pages as pictures: drawn by whoever was handed in, the latest kept for those who ask for parts."""

from collections import OrderedDict
from threading import Lock

from schemas.errors import InputError
from search.web.parts import PagePicture, PageRenderer
from search.web.views.seen import SeenDocument, SeenPage

_KEPT_BYTES = 64 * 2**20


class Pictures:
    """Draws pages from originals and from public copies; keeps 64 MiB of them."""

    def __init__(self, originals: PageRenderer | None, copies: PageRenderer | None) -> None:
        self._renderers = {False: originals, True: copies}
        self._kept: OrderedDict[tuple[str, ...], PagePicture] = OrderedDict()
        self._bytes = 0
        self._guard = Lock()

    def picture(self, document: SeenDocument, page: SeenPage, highlight: str = "") -> PagePicture:
        """The page with the words that answer marked; raises InputError page-missing."""
        ident = document.page_id(page)
        key = (ident, highlight, document.stamp, str(document.copy))
        kept = self._found(key)
        if kept is not None:
            return kept
        renderer = self._renderers[document.copy]
        if renderer is None:
            raise InputError("page-missing", ident)
        drawn = renderer(ident, highlight)
        self._keep(key, drawn)
        return drawn

    def _found(self, key: tuple[str, ...]) -> PagePicture | None:
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[str, ...], picture: PagePicture) -> None:
        with self._guard:
            if key not in self._kept:
                self._kept[key] = picture
                self._bytes += len(picture.data)
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1].data)
