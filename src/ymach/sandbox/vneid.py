"""A stand-in of VNeID: an OpenID Connect provider with test persons, failing on demand.

The contract is the one of `trust/openid.py`: discovery, code flow with PKCE, state and nonce, keys, user information; and
the confirming of a text, whose digest comes back in the signed ID token with the number of the transaction.
On top of it, for tests and demonstrations: `POST /sandbox/behaviour` says what goes wrong from now on,
`GET /sandbox/persons` lists who can sign in.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import html
import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from ymach.base.errors import Invalid
from ymach.sandbox.behaviour import read_as
from ymach.sandbox.http import DROP, Request, Response, as_json

CLIENT_ID, CLIENT_SECRET = "ymach", "sandbox"
CODE_SECONDS, TOKEN_SECONDS = 60, 600
_CLAIMS = ("personal_number", "name", "birthdate")


@dataclass(frozen=True, slots=True)
class VneidPerson:
    """Somebody who can sign in. personal_number: 12 digits; birthdate: ISO 8601."""

    personal_number: str
    name: str
    birthdate: str

    @property
    def subject(self) -> str:
        """What the provider calls the person; says nothing about the number."""
        return hashlib.sha256(f"vneid:{self.personal_number}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class VneidBehaviour:
    """What goes wrong. All off: a provider as it should be.

    slow: seconds before an answer. down: connections are cut. status: this HTTP status instead of an answer.
    wrong_answer: no JSON. wrong_nonce, wrong_audience, wrong_issuer, expired_token: in ID tokens. unknown_key: ID tokens
    are signed with a key that is not published. unsigned: ID tokens without signature. other_subject: the user
    information is about somebody else. replayed_code: every code counts as used already. no_number: the personal number
    is not told. other_text: something else was confirmed. times: only the next so many requests.
    """

    slow: float = 0
    down: bool = False
    status: int = 0
    wrong_answer: bool = False
    wrong_nonce: bool = False
    wrong_audience: bool = False
    wrong_issuer: bool = False
    expired_token: bool = False
    unknown_key: bool = False
    unsigned: bool = False
    other_subject: bool = False
    replayed_code: bool = False
    no_number: bool = False
    other_text: bool = False
    times: int | None = None


@dataclass(frozen=True, slots=True)
class _Grant:
    """A code that was given out: for whom, under which question, until when."""

    person: VneidPerson
    redirect_uri: str
    challenge: str
    nonce: str
    ends: float
    confirms: str = ""


class Vneid:
    """One provider with one client. Call it with a request; `sandbox.http` serves it."""

    def __init__(
        self, persons: list[VneidPerson], *, client_id: str = CLIENT_ID, client_secret: str = CLIENT_SECRET
    ) -> None:
        self.persons = {person.subject: person for person in persons}
        self.behaviour = VneidBehaviour()
        self._client = (client_id, client_secret)
        self._key = _made_key("published")
        self._codes: dict[str, _Grant] = {}
        self._tokens: dict[str, VneidPerson] = {}

    @cached_property
    def _other_key(self) -> RSAKey:
        """Made when it is first needed: making a key takes a while."""
        return _made_key("unknown")

    async def __call__(self, request: Request) -> Response:
        if request.path.startswith("/sandbox/"):
            return self._control(request)
        behaviour = self._behaviour_now()
        if behaviour.slow:
            await asyncio.sleep(behaviour.slow)
        if behaviour.down:
            return DROP
        if behaviour.status:
            return Response(behaviour.status, b"out of order", "text/plain")
        if behaviour.wrong_answer:
            return Response(body=b"<html>Bao tri</html>", content_type="text/html")
        return self._answer(request, behaviour)

    def _behaviour_now(self) -> VneidBehaviour:
        behaviour = self.behaviour
        if behaviour.times is None:
            return behaviour
        if behaviour.times <= 0:
            return VneidBehaviour()
        self.behaviour = replace(behaviour, times=behaviour.times - 1)
        return behaviour

    def _answer(self, request: Request, behaviour: VneidBehaviour) -> Response:
        issuer = f"http://{request.headers.get('host', '')}"
        match (request.method, request.path):
            case ("GET", "/.well-known/openid-configuration"):
                return as_json(_discovery(issuer))
            case ("GET", "/keys"):
                return as_json({"keys": [self._key.as_dict(private=False)]})
            case ("GET", "/authorize"):
                return self._choose(_one_each(request.query))
            case ("POST", "/token"):
                return self._token(_one_each(request.body.decode("ascii", "replace")), issuer, behaviour)
            case ("GET", "/userinfo"):
                return self._userinfo(request.headers, behaviour)
            case _:
                return as_json({"error": "not_found"}, 404)

    def _choose(self, query: dict[str, str]) -> Response:
        """The page on which a test person is chosen: each name is a link back, with a code of its own."""
        wrong = self._wrong_question(query)
        if wrong:
            return as_json({"error": "invalid_request", "error_description": wrong}, 400)
        back, state, links = query["redirect_uri"], query["state"], []
        for person in self.persons.values():
            code = secrets.token_urlsafe(24)
            ends = time.time() + CODE_SECONDS
            confirms = query.get("confirm_digest", "")
            self._codes[code] = _Grant(person, back, query["code_challenge"], query["nonce"], ends, confirms)
            links.append((f"{back}?{urlencode({'code': code, 'state': state})}", person.name))
        cancel = f"{back}?{urlencode({'error': 'access_denied', 'state': state})}"
        page = _page(links, cancel, query.get("confirm_title", ""))
        return Response(body=page.encode(), content_type="text/html; charset=utf-8")

    def _wrong_question(self, query: dict[str, str]) -> str:
        """The first parameter of the question that breaks the contract, or nothing."""
        fixed = {"response_type": "code", "client_id": self._client[0], "code_challenge_method": "S256"}
        for name, value in fixed.items():
            if query.get(name) != value:
                return name
        if "openid" not in query.get("scope", "").split():
            return "scope"
        if urlsplit(query.get("redirect_uri", "")).scheme not in {"http", "https"}:
            return "redirect_uri"
        return next((name for name in ("state", "nonce", "code_challenge") if len(query.get(name, "")) < 20), "")

    def _token(self, form: dict[str, str], issuer: str, behaviour: VneidBehaviour) -> Response:
        if not _same(form.get("client_secret", ""), self._client[1]) or form.get("client_id") != self._client[0]:
            return as_json({"error": "invalid_client"}, 401)
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or behaviour.replayed_code or not _fits(grant, form):
            return as_json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(32)
        self._tokens[access] = grant.person
        identity = self._id_token(grant, issuer, behaviour)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "id_token": identity}
        return as_json(answer)

    def _id_token(self, grant: _Grant, issuer: str, behaviour: VneidBehaviour) -> str:
        issued = int(time.time()) - (7200 if behaviour.expired_token else 0)
        claims: dict[str, Any] = {
            "iss": "https://elsewhere.example" if behaviour.wrong_issuer else issuer,
            "aud": "somebody-else" if behaviour.wrong_audience else self._client[0],
            "sub": grant.person.subject,
            "iat": issued,
            "exp": issued + TOKEN_SECONDS,
            "nonce": secrets.token_urlsafe(32) if behaviour.wrong_nonce else grant.nonce,
        }
        if grant.confirms:
            confirmed = "0" * 64 if behaviour.other_text else grant.confirms
            claims |= {"txn": secrets.token_hex(16), "confirmed": confirmed}
        if behaviour.unsigned:
            parts = ({"alg": "none"}, claims)
            return ".".join(_base64(json.dumps(part).encode()) for part in parts) + "."
        key = self._other_key if behaviour.unknown_key else self._key
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def _userinfo(self, headers: dict[str, str], behaviour: VneidBehaviour) -> Response:
        person = self._tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
        if person is None:
            return as_json({"error": "invalid_token"}, 401)
        told = {name: value for name, value in asdict(person).items() if name in _CLAIMS}
        if behaviour.no_number:
            del told["personal_number"]
        return as_json({"sub": "0" * 32 if behaviour.other_subject else person.subject, **told})

    def _control(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", "/sandbox/persons"):
            return as_json([asdict(person) for person in self.persons.values()])
        if (request.method, request.path) != ("POST", "/sandbox/behaviour"):
            return as_json({"error": "unknown"}, 404)
        try:
            self.behaviour = read_as(VneidBehaviour, json.loads(request.body or b"{}"))
        except (Invalid, ValueError) as error:
            return as_json({"error": error.text.en if isinstance(error, Invalid) else str(error)}, 422)
        return as_json({"behaviour": "set"})


def _discovery(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "claims_supported": ["sub", *_CLAIMS],
    }


def _fits(grant: _Grant, form: dict[str, str]) -> bool:
    """Whether a token request belongs to the question for which the code was given."""
    challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
    is_same = form.get("redirect_uri") == grant.redirect_uri and form.get("grant_type") == "authorization_code"
    return is_same and _same(challenge, grant.challenge) and time.time() < grant.ends


def _page(links: list[tuple[str, str]], cancel: str, confirms: str = "") -> str:
    task = f"Xác nhận bằng tên mình: <b>{html.escape(confirms)}</b>" if confirms else "Chọn người đăng nhập:"
    items = "".join(f'<li><a href="{html.escape(href)}">{html.escape(name)}</a></li>' for href, name in links)
    return (
        '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>VNeID thử nghiệm</title>"
        "<body style='font: 1.1rem/2.2 system-ui; max-width: 30rem; margin: 2rem auto; padding: 0 1.25rem'>"
        f"<h1>VNeID thử nghiệm</h1><p>Không phải VNeID thật. {task}</p>"
        f'<ul>{items}</ul><p><a href="{html.escape(cancel)}">Hủy</a></p></body></html>'
    )


def _one_each(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded).items()}


def _made_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "kid": f"{name}-{secrets.token_hex(4)}"})


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _same(given: str, held: str) -> bool:
    return bool(held) and hmac.compare_digest(given.encode(), held.encode())
