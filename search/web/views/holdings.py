"""The archive as the application reads it: one view for each caller, words and pictures."""

from schemas.access import ANONYMOUS, Caller
from schemas.public import copied_alto
from schemas.settings import Settings
from schemas.text import PageText
from search.access.audit import Audit
from search.access.rights import is_staff
from search.backend import Backend, open_backend
from search.finding import copied_text, page_text
from search.web.parts import Parts
from search.web.views.copies import Copies
from search.web.views.documents import Documents
from search.web.views.inside import Looks, StaffView
from search.web.views.outside import PublicView
from search.web.views.pictures import Pictures
from search.web.views.seen import SeenDocument, SeenPage, View
from search.web.views.sizes import PageSize, size_of


class Holdings:
    """What all requests share; raises the errors of `open_backend`."""

    def __init__(self, parts: Parts) -> None:
        self.settings: Settings = parts.settings
        self.backend: Backend = parts.backend or open_backend(parts.settings)
        self.pictures = Pictures(parts.page_picture, parts.public_picture)
        self._documents = Documents(self.settings, self.backend)
        self._copies = Copies(self.settings, self.backend)
        self._looks = Looks()

    def public(self, caller: Caller = ANONYMOUS) -> PublicView:
        """What everybody sees."""
        return PublicView(self._copies, self.backend, caller)

    def view(self, caller: Caller, audit: Audit) -> View:
        """What the caller sees."""
        outside = self.public(caller)
        if not is_staff(caller):
            return outside
        return StaffView(self.settings, self._documents, outside, caller, audit, self._looks)

    def text(self, document: SeenDocument, page: SeenPage) -> PageText | None:
        """The words of a page as it is seen; None where it says nothing."""
        if document.copy:
            return copied_text(self.settings, document.unit, document.id, page.document_page)
        return page_text(self.settings, document.unit, page.page)

    def size(self, document: SeenDocument, page: SeenPage) -> PageSize | None:
        """The size of the page's picture as its words tell it; None where there are none."""
        layout = self.settings.layout.unit(document.unit)
        if document.copy:
            return size_of(copied_alto(layout.public_copy(document.id), page.document_page))
        return size_of(layout.alto_page(page.page))
