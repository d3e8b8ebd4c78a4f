"""Machines sign in with client credentials and `private_key_jwt` (RFC 7523): the key is the facility's certificate's."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from ymach.accounts.systems import SystemNotFound, is_system, system_actor, system_in_force
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import Invalid, NotSignedIn
from ymach.base.text import Text
from ymach.exchange.intake.case import Sender
from ymach.exchange.platform import access_tokens
from ymach.exchange.senders import machine_sender
from ymach.facilities.queries import facility_certificates
from ymach.trust.access_tokens import LIFETIME
from ymach.trust.actions import remember_assertion
from ymach.trust.certificates import Certificate, load
from ymach.trust.client_assertions import ASSERTION_TYPE, check_assertion
from ymach.trust.errors import AssertionRefused, CertificateRefused
from ymach.trust.queries import check_reliable

TOKEN_PATH = "/api/v1/token"  # noqa: S105 - an address


class GrantRefused(Invalid):
    """The token request is not a client-credentials request with a JWT assertion."""

    code = "YM-AUT-GRANT"
    status = 400
    sentence = Text(
        "Yêu cầu cấp quyền truy cập phải dùng client_credentials và client_assertion (private_key_jwt).",
        "The token request must use client_credentials with a client_assertion (private_key_jwt).",
    )


def issue_token(request: HttpRequest) -> dict[str, object]:
    """An access token for a facility's machine, or a registered system. Raises GrantRefused, AssertionRefused (`YM-AUT-…`)."""
    form = request.POST
    if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != ASSERTION_TYPE:
        raise GrantRefused
    at = now()
    assertion = check_assertion(
        form.get("client_assertion", ""),
        audience=settings.ENVIRONMENT.base_url + TOKEN_PATH,
        at=at,
        find_certificate=_find_certificate,
    )
    _check_reliable(assertion.certificate, at)
    by = actor_of_client(assertion.client_id)
    remember_assertion(assertion=assertion, by=by, at=at)
    words = sorted({word for grant in by.grants for word in grant.permissions})
    token = access_tokens().issue(assertion.client_id, at=at, scopes=words)
    return {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())}


def _check_reliable(certificate: Certificate, at: datetime) -> None:
    """A key whose certificate was revoked or has ended opens nothing, even while the facility has it registered.

    Raises AssertionRefused with the `YM-CRT-…` finding.
    """
    try:
        check_reliable(certificate, at=at, checked_at=at)
    except CertificateRefused as refused:
        kind = dataclasses.replace(refused.finding.kind, status=401)
        raise AssertionRefused(dataclasses.replace(refused.finding, kind=kind)) from None


def sender_of(request: HttpRequest) -> Sender:
    """The sender behind the request's bearer token. Raises NotSignedIn, or AssertionRefused (`YM-AUT-TOKEN`)."""
    return machine_sender(client_of(request))


def machine_of(request: HttpRequest) -> Actor:
    """The facility's machine or the system behind the request's bearer token. Raises as `sender_of` does."""
    return actor_of_client(client_of(request))


def actor_of_client(client_id: str) -> Actor:
    """The actor of a client id: a system's, or a facility's code. Raises NotSignedIn for a system that is let in no longer."""
    if not is_system(client_id):
        return machine_sender(client_id).by
    try:
        return system_actor(client_id)
    except SystemNotFound:
        raise NotSignedIn from None


def client_of(request: HttpRequest) -> str:
    """The facility's code of the request's token. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    return access_tokens().verify(token.strip(), at=now()).client_id


def _find_certificate(client_id: str, thumbprint: str) -> Certificate | None:
    """The certificate of this thumbprint among those bound to the facility now, or the system's own."""
    if is_system(client_id):
        system = system_in_force(client_id)
        own = load(bytes(system.certificate)) if system else None
        return own if own is not None and own.thumbprint == thumbprint else None
    return _facility_certificate(client_id, thumbprint)


def _facility_certificate(facility_code: str, thumbprint: str) -> Certificate | None:
    for bound in facility_certificates(facility_code).filter(valid__contains=now()):
        certificate = load(bytes(bound.der))
        if certificate.thumbprint == thumbprint:
            return certificate
    return None
