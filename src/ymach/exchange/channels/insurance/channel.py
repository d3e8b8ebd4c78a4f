"""Sending files to the social insurance portal, by the portal's own contract.

`POST api/token/take` signs in; `POST api/qd130/…` takes one file, form-encoded, Base64 (guide of Viet Nam Social
Security to Decisions 4750/QĐ-BYT and 3176/QĐ-BYT). The portal shows its results for 60 days only: what it answered is
kept with the delivery for ever.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from ymach.base.clock import now
from ymach.exchange.channels.contract import Parcel, PartnerAnswer, SignInRefused, WrongAnswer
from ymach.exchange.channels.dossiers import signed_xml
from ymach.exchange.channels.http import PartnerClient
from ymach.exchange.channels.insurance.answers import Session, read_session, read_taken
from ymach.exchange.channels.sessions import SessionOver, Sessions

CHECK_IN = "check-in"
PATHS = {
    "3176": ("api/qd130/checkInKcbQd3176", "api/qd130/guiHoSoXmlQD3176"),
    "4750": ("api/qd130/checkInKcbQd4750", "api/qd130/guiHoSoXmlQD4750"),
}
"""By decision: where check-ins go, and where dossiers go."""

PATIENCE = timedelta(seconds=30)


class InsuranceChannel:
    """The channel of one account. Safe under threads: they share the connections and the session.

    decision: "3176", or "4750" for a portal that has not moved on. already_held: codes by which this
    portal says that it has a file; its guide names none. clock: gives the present moment. authorities: see
    PartnerClient.
    """

    needs_content = True

    def __init__(
        self,
        url: str,
        *,
        username: str,
        password: str,
        decision: str = "3176",
        patience: timedelta = PATIENCE,
        connections: int = 32,
        already_held: Collection[int] = (),
        authorities: Path | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.patience = patience
        self._username, self._clock, self._already_held = username, clock, frozenset(already_held)
        # MD5 in upper case is the partner's contract, not our choice: the hash is as good as the password, so only TLS
        # protects it.
        self._hash = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest().upper()
        self._check_in_path, self._dossier_path = PATHS[decision]
        self._client = PartnerClient(url, patience=patience, connections=connections, authorities=authorities)
        self._sessions = Sessions(self._sign_in, clock=clock)

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Hand over one file; a session that ended is renewed once. Raises ChannelError."""
        is_check_in = parcel.kind == CHECK_IN
        path = self._check_in_path if is_check_in else self._dossier_path
        body = self._form(parcel, is_check_in=is_check_in)
        session = self._sessions.held()
        try:
            return self._post(path, body, session)
        except SessionOver:
            return self._post(path, body, self._sessions.held(instead_of=session))

    def close(self) -> None:
        self._client.close()

    def _form(self, parcel: Parcel, *, is_check_in: bool) -> bytes:
        fields = {
            "username": self._username,
            "loaiHoSo": "0" if is_check_in else "130",
            "maTinh": parcel.facility_code[:2],
            "maCSKCB": parcel.facility_code,
        }
        # urlencode takes milliseconds for a file: of the Base64 alphabet only three characters need an escape.
        file = base64.b64encode(signed_xml(parcel)).replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D")
        return urlencode(fields).encode() + b"&fileHSBase64=" + file

    def _post(self, path: str, body: bytes, session: Session) -> PartnerAnswer:
        headers = {
            "accessToken": session.access_token,
            "tokenId": session.id_token,
            "passwordHash": self._hash,
        }
        answer = self._client.post(path, body, headers)
        if answer.status == 401:
            raise SessionOver(result=401)
        if answer.status == 403:
            raise SignInRefused(result=403)
        taken = read_taken(answer.body, already_held=self._already_held)
        if answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        return taken

    def _sign_in(self, account: str) -> Session:
        form = urlencode({"username": self._username, "password": self._hash}).encode()
        answer = self._client.post("api/token/take", form, {})
        if answer.status in {401, 403}:
            raise SignInRefused(result=answer.status)
        return read_session(answer.body, at=self._clock())
