"""The whole API against its own OpenAPI description: a real server, asked by schemathesis."""

from dataclasses import replace

import pytest
import schemathesis
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as openapi_checks

from flows.portal import stores_of
from pipeline.ledger.opening import open_ledger
from schemas.access import ANONYMOUS
from search.web.application import create_app
from search.web.parts import Parts
from tests.flows.api_server import running
from tests.search.caller_samples import WITH_PURPOSE, acting_as
from tests.search.web.web_samples import PUBLIC, SECRET, UNIT, archive_in, drawn, fill

pytestmark = pytest.mark.slow
EXAMPLES = 6
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
]
KNOWN = {
    "document": [PUBLIC, SECRET, "nimic"],
    "unit": [UNIT, "nimic"],
    "page": [f"{PUBLIC}.1"],
    "region": ["square", "0,0,40,40"],
    "size": ["max", "30,"],
    "rotation": ["0"],
    "quality": ["default"],
    "format": ["jpg"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The application over the sample archive with its ledger, and its address."""
    with archive_in(tmp_path_factory.mktemp("conforming")) as archive:
        chosen = replace(archive.settings, requests_per_hour=1e6)
        with open_ledger(chosen) as ledger:
            fill(archive)
            backend = archive.open()
            stores = stores_of(chosen, ledger, backend)
            app = create_app(Parts(chosen, drawn, drawn, backend, stores=stores))
            with running(app) as address:
                yield app, address


def with_known(case, draw):
    """Half of the calls name something that is there."""
    for name, values in KNOWN.items():
        if name in (case.path_parameters or {}) and draw % 2:
            case.path_parameters[name] = values[draw // 2 % len(values)]


def deviations(operation):
    """What an operation answers otherwise than it is described; empty when it does not."""
    count = iter(range(EXAMPLES * 10))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case):
        with_known(case, next(count))
        case.call_and_validate(checks=CHECKS)

    try:
        call()
    except FailureGroup as error:
        return str(error)
    return ""


@pytest.mark.parametrize("caller", [ANONYMOUS, WITH_PURPOSE], ids=["anonymous", "staff"])
def test_every_answer_is_as_described(server, caller):
    app, address = server
    acting_as(app, caller)
    described = schemathesis.openapi.from_url(f"{address}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 25
    told = {operation.label: deviations(operation) for operation in operations}
    assert [f"{label}: {found}" for label, found in told.items() if found] == []


def test_no_route_is_left_undescribed(server):
    app, _ = server
    described = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    there = {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        for method in route.methods - {"HEAD"}
        if route.path.startswith("/api/")
    }
    assert there == described
