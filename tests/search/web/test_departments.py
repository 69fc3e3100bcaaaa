"""A clerk finds what he may open and opens what he may find: index and records name one department."""

from dataclasses import replace

from flows.stages.indexing import indexed_pages
from schemas.access import Caller, Role
from schemas.records import FieldValue, Regime, encode
from tests.search.caller_samples import acting_as
from tests.search.web.web_samples import ELSEWHERE, OTHER, UNITS, archive_in, served


def clerk(department: str) -> Caller:
    return Caller(Role.CLERK, department, ("Primăria",), (department,))


def test_a_document_of_another_department_than_its_unit_is_found_by_whoever_may_open_it(tmp_path):
    with archive_in(tmp_path) as archive:
        site = served(archive)
        told = {"compartiment": FieldValue("Cadastru", page=1)}
        (document,) = UNITS[1].documents
        access = replace(document.access, regime=Regime.ANONYMISED)
        moved = replace(document, fields={**document.fields, **told}, access=access)
        identity = replace(UNITS[1].identity, creator="Primăria")
        unit = replace(UNITS[1], documents=(moved,), identity=identity)
        layout = archive.settings.layout.unit(OTHER)
        layout.record.write_bytes(encode(unit))
        backend = archive.open(write=True)
        backend.replace_unit(OTHER, indexed_pages(unit, layout, archive.settings))
        backend.commit()
        for department, status, found in (("Cadastru", 200, [ELSEWHERE]), ("Taxe", 404, [])):
            acting_as(site.app, clerk(department))
            hits = site.client.get("/api/v1/search?q=impozit").json()["hits"]
            assert [hit["document"] for hit in hits] == found
            assert site.client.get(f"/api/v1/documents/{ELSEWHERE}").status_code == status
