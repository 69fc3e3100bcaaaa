"""Signing in at a real provider on loopback, and its tokens: pinned issuer, audience, algorithm; keys rotate."""

import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import jwt
import pytest
from authlib.jose import RSAKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from fastapi import FastAPI
from fastapi.testclient import TestClient
from oidc_provider_mock import User, run_server_in_thread

from schemas.access import Begun, Caller, Role, Session
from schemas.errors import AccessError, OpisError, ServiceError, UsageError
from schemas.settings import Settings
from search.access.accounts import Accounts
from search.access.oidc.claims import caller_from, claim_table
from search.access.oidc.fetching import need_safe
from search.access.oidc.provider import Provider
from search.access.signing.pages import SignInPages
from search.problems import on_opis_error

pytestmark = pytest.mark.slow
REDIRECT = "http://127.0.0.1:8431/personal/intrare/raspuns"
PEOPLE = (
    User(
        sub="u1",
        claims={
            "preferred_username": "ioana",
            "realm_access": {"roles": ["offline", "opis-clerk"]},
            "institution": "Primăria",
            "department": ["Urbanism", "Cadastru"],
        },
    ),
    User(sub="u2", claims={"realm_access": {"roles": ["alt-rol"]}}),
)
CLERK = Caller(Role.CLERK, "oidc:ioana", ("Primăria",), ("Urbanism", "Cadastru"))


class Running:
    """The provider, with its own key in our hands."""

    def __init__(self, server) -> None:
        self.issuer = f"http://localhost:{server.server_port}"
        self.storage = None
        server.app.before_request(self._seen)
        httpx.get(f"{self.issuer}/jwks", trust_env=False).raise_for_status()

    def _seen(self) -> None:
        self.storage = flask.g.oidc_provider_mock_storage

    def token(self, *, alg="RS256", key=None, kid=None, drop=(), **claims) -> str:
        private = self.storage.jwk.as_dict(is_private=True)
        told = {
            "iss": self.issuer, "aud": "opis-api", "sub": "u1", "iat": int(time.time()),
            "exp": int(time.time()) + 300, **PEOPLE[0].claims, **claims,
        }  # fmt: skip
        for name in drop:
            del told[name]
        signing = key or jwt.PyJWK({**private, "alg": "RS256"}).key
        ident = kid or self.storage.jwk.thumbprint()
        return jwt.encode(told, signing, algorithm=alg, headers={"kid": ident})


@pytest.fixture(scope="module")
def running():
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield Running(server)


@pytest.fixture
def settings(running, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("s3cret:/ %\n", encoding="utf-8")
    named = {"oidc_issuer": running.issuer, "oidc_audience": "opis-api"}
    return Settings(archive=tmp_path, oidc_secret_file=str(secret), **named)


@pytest.fixture
def provider(settings):
    opened = Provider(settings, pause=0)
    yield opened
    opened.close()


def code_of(call) -> str:
    with pytest.raises(OpisError) as caught:
        call()
    return caught.value.code


def came_back(address: str, sub: str) -> dict[str, str]:
    """What the provider sends back with, once the person said who he is."""
    answer = httpx.post(address, data={"sub": sub}, trust_env=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def test_a_person_signs_in_by_code_and_pkce(provider):
    address, state, begun = provider.start(REDIRECT, "/cautare")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    challenge = urlsafe_b64encode(sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
    assert (asked["state"], asked["nonce"], asked["response_type"]) == (state, begun.nonce, "code")
    back = came_back(address, "u1")
    assert back["state"] == state
    assert provider.finish(back["code"], REDIRECT, begun) == CLERK
    again = code_of(lambda: provider.finish(back["code"], REDIRECT, begun))
    assert again == "credentials-invalid"


def test_a_code_of_another_sign_in_is_refused(provider):
    address, _, begun = provider.start(REDIRECT, "/")
    other = Begun("another nonce", begun.verifier, "/")
    code = came_back(address, "u1")["code"]
    assert code_of(lambda: provider.finish(code, REDIRECT, other)) == "credentials-invalid"
    assert code_of(lambda: provider.finish("x", REDIRECT, begun, "https://evil.example")) == (
        "credentials-invalid"
    )


def test_somebody_without_a_role_of_ours_is_refused(provider):
    address, _, begun = provider.start(REDIRECT, "/")
    code = came_back(address, "u2")["code"]
    assert code_of(lambda: provider.finish(code, REDIRECT, begun)) == "role-refused"


def test_a_bearer_token_tells_who_calls(provider, running):
    assert provider.of_bearer(running.token()) == CLERK


def test_wrong_tokens_are_refused(provider, running):
    now = int(time.time())
    own = generate_private_key(65537, 2048)
    public = running.storage.jwk.as_pem(is_private=False)
    wrong = {
        "audience": running.token(aud="other"),
        "client, as an ID token": running.token(aud="opis"),
        "issuer": running.token(iss="https://evil.example"),
        "expired": running.token(exp=now - 60),
        "not yet": running.token(nbf=now + 600),
        "algorithm": running.token(alg="RS512"),
        "public key as a secret": forged(running, public),
        "no signature": jwt.encode({"iss": running.issuer}, None, algorithm="none"),
        "another's key": running.token(key=own),
        "unknown key": running.token(key=own, kid="x"),
        "an ID token": running.token(nonce="n"),
        "Keycloak's ID token": running.token(typ="ID"),
        "no words": "a.b.c",
        "empty": "..",
        **{
            f"without {name}": running.token(drop=(name,))
            for name in ("exp", "aud", "iss", "sub", "iat")
        },
    }
    told = {
        name: code_of(lambda token=token: provider.of_bearer(token))
        for name, token in wrong.items()
    }
    assert told == dict.fromkeys(wrong, "credentials-invalid")


def forged(running, public: bytes) -> str:
    """A token signed by HMAC with the provider's public key, as if that were a shared secret."""
    body = jwt.encode({"iss": running.issuer}, "k" * 32, algorithm="HS256").split(".")[1]
    head = urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
    signed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = signed.sign(f"{head}.{body}".encode(), public)
    return f"{head}.{body}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_without_an_audience_bearer_tokens_are_refused(settings, running):
    closed = Provider(Settings(archive=settings.archive, oidc_issuer=running.issuer))
    assert code_of(lambda: closed.of_bearer(running.token())) == "credentials-invalid"
    closed.close()


def test_a_rotated_key_is_fetched_once_in_a_while(settings, running):
    seldom = Provider(settings, pause=3600)
    assert seldom.of_bearer(running.token()) == CLERK
    old, kept = running.token(), running.storage.jwk
    running.storage.jwk = RSAKey.generate_key(is_private=True)
    try:
        soon = Provider(settings, pause=0)
        assert soon.of_bearer(running.token()) == CLERK
        assert code_of(lambda: soon.of_bearer(old)) == "credentials-invalid"
        assert code_of(lambda: seldom.of_bearer(running.token())) == "credentials-invalid"
    finally:
        running.storage.jwk = kept
    seldom.close()
    soon.close()


def test_unknown_keys_do_not_make_us_ask_again_and_again(settings, running):
    asked = []
    seldom = Provider(settings, pause=3600)
    seldom._published.client.event_hooks["request"].append(lambda call: asked.append(call.url.path))
    for n in range(20):
        assert (
            code_of(lambda n=n: seldom.of_bearer(running.token(kid=f"k{n}")))
            == "credentials-invalid"
        )
    assert asked.count("/jwks") == 1
    seldom.close()


def test_a_provider_that_does_not_answer_is_named(settings, free_port):
    away = Provider(Settings(archive=settings.archive, oidc_issuer=f"http://127.0.0.1:{free_port}"))
    with pytest.raises(ServiceError) as caught:
        away.start(REDIRECT, "/")
    assert (caught.value.code, caught.value.file) == ("oidc-unreachable", "")
    away.close()


def test_another_issuer_than_the_one_that_is_set_is_refused(settings, running):
    named = running.issuer.replace("localhost", "127.0.0.1") + "/"
    other = Provider(Settings(archive=settings.archive, oidc_issuer=named))
    assert code_of(lambda: other.start(REDIRECT, "/")) == "oidc-unreachable"
    other.close()


@pytest.mark.parametrize(
    "url", ["http://login.example.ro", "ftp://localhost", "x", "http://10.0.0.1"]
)
def test_the_provider_is_reached_by_https_alone(url):
    with pytest.raises(UsageError):
        need_safe(url)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "rs256", ""])
def test_algorithms_that_are_no_signatures_are_refused(settings, running, algorithm):
    chosen = Settings(oidc_issuer=running.issuer, oidc_algorithm=algorithm)
    assert code_of(lambda: Provider(chosen)) == "setting-invalid"


def test_roles_come_by_a_table_in_its_order():
    table = claim_table(Settings(oidc_claim="groups", oidc_roles="/arhiva=archivist, /it=admin"))
    claims = {"sub": "x", "groups": ["/it", "/arhiva"]}
    assert caller_from(claims, table) == Caller(Role.ARCHIVIST, "oidc:x")
    for wrong in ({}, {"groups": "/alta"}, {"groups": {"/it": 1}}, {"groups": [["/it"]]}):
        assert (
            code_of(lambda wrong=wrong: caller_from({"sub": "x", **wrong}, table)) == "role-refused"
        )
    for told in ("a=anonymous", "a=station", "a", "=admin", "a=sef"):
        assert (
            code_of(lambda told=told: claim_table(Settings(oidc_roles=told))) == "setting-invalid"
        )


@pytest.mark.parametrize(
    "told", ["", " ", ["Primăria", 5], {"name": "Primăria"}, 7, "x" * 201, ["a"] * 51, [""]]
)
@pytest.mark.parametrize("claim", ["institution", "department"])
def test_bounds_that_cannot_be_read_are_not_taken_for_none(claim, told):
    claims = {"sub": "x", "realm_access": {"roles": ["opis-archivist"]}, claim: told}
    assert code_of(lambda: caller_from(claims, claim_table(Settings()))) == "role-refused"


@pytest.mark.parametrize("told", [None, []])
def test_whoever_claims_no_bounds_has_none(told):
    claims = {"sub": "x", "realm_access": {"roles": ["opis-archivist"]}, "institution": told}
    assert caller_from(claims, claim_table(Settings())) == Caller(Role.ARCHIVIST, "oidc:x")


def test_a_provider_that_is_away_is_not_asked_by_each_token(settings, running, free_port):
    asked = []
    away = Provider(replace(settings, oidc_issuer=f"http://127.0.0.1:{free_port}"))
    away._published.client.event_hooks["request"].append(lambda call: asked.append(call.url.path))
    for _ in range(20):
        assert code_of(lambda: away.of_bearer(running.token())) == "oidc-unreachable"
    assert len(asked) == 1
    away.close()


class Desk:
    """Accounts of nobody: what the pages ask of a provider's people."""

    def __init__(self) -> None:
        self.begun: dict[str, Begun] = {}

    def is_open(self) -> bool:
        return True

    def begin(self, state: str, begun: Begun) -> None:
        self.begun[state] = begun

    def finish(self, state: str) -> Begun | None:
        return self.begun.pop(state, None)

    def sign_in_known(self, caller: Caller) -> Session:
        return Session(f"token of {caller.name}".replace(" ", "-"), caller, int(time.time()) + 60)


def test_the_pages_go_to_the_provider_and_back_once(settings, provider):
    desk: Accounts = Desk()
    app = FastAPI()
    app.state.settings = settings
    app.include_router(SignInPages(settings, desk, provider).router())
    app.add_exception_handler(AccessError, on_opis_error)
    web = TestClient(app, base_url="https://arhiva.example.ro", follow_redirects=False)
    assert "Continuați cu contul instituției" in web.get("/personal/intrare").text
    to = web.get("/personal/intrare/oidc", params={"inapoi": "/cautare?q=x"})
    assert to.status_code == 303
    assert "Secure" in to.headers["set-cookie"]
    back = came_back(to.headers["location"], "u1")
    elsewhere = TestClient(app, base_url="https://arhiva.example.ro", follow_redirects=False)
    assert elsewhere.get("/personal/intrare/raspuns", params=back).status_code == 403
    done = web.get("/personal/intrare/raspuns", params=back)
    assert (done.status_code, done.headers["location"]) == (303, "/cautare?q=x")
    assert "__Host-opis=" in done.headers["set-cookie"]
    assert web.get("/personal/intrare/raspuns", params=back).status_code == 403
