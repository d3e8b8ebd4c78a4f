"""Sending prescriptions to the national prescription system (Decision 808/QĐ-BYT 2022).

A facility's account opens the way for its doctors, a doctor's token carries the prescription. The system takes a code
once: what it says about a code that is used already is looked at, and counts as delivered when what it holds is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from ymach.base.clock import now
from ymach.base.vietnamese import fold
from ymach.exchange.channels import reading
from ymach.exchange.channels.contract import AccountRefused, Parcel, PartnerAnswer, RefusedByPartner, WrongAnswer
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.channels.http import JSON, Answer, PartnerClient
from ymach.exchange.channels.prescriptions.accounts import Accounts
from ymach.exchange.channels.prescriptions.codes import Codes, stored_codes
from ymach.exchange.channels.prescriptions.payload import Prescription, prescriptions_of
from ymach.exchange.channels.sessions import SessionOver, Sessions

FACILITY_LOGIN, DOCTOR_LOGIN = "api/auth/dang-nhap-co-so-kham-chua-benh", "api/auth/dang-nhap-bac-si"
SEND, LOOK = "api/v1/gui-don-thuoc", "api/v1/thong-tin-don-thuoc"
PATIENCE = timedelta(seconds=30)
TOKEN_FOR = timedelta(days=1)
"""Tokens last about seven days where the answer does not say how long; a day is safe."""

_SAME = (
    *("loai_don_thuoc", "ho_ten_benh_nhan", "ngay_sinh_benh_nhan", "gioi_tinh", "chan_doan"),
    *("thong_tin_don_thuoc", "loi_dan", "ngay_gio_ke_don"),
)
"""What makes it this prescription: an address or a card may differ in a later version of the dossier."""
USED = ("da ton tai", "da duoc su dung", "trung ma")
_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Session:
    """A doctor's bearer token until `expires_at` (aware)."""

    token: str = field(repr=False)
    expires_at: datetime


class PrescriptionsChannel:
    """The channel of all facilities and doctors. Safe under threads. accounts: their passwords there.

    codes: gives the codes under which the exchange keeps the prescriptions of a dossier.
    """

    needs_content = True

    def __init__(
        self,
        url: str,
        *,
        accounts: Accounts,
        patience: timedelta = PATIENCE,
        connections: int = 32,
        authorities: Path | None = None,
        clock: Callable[[], datetime] = now,
        codes: Codes = stored_codes,
    ) -> None:
        self.patience = patience
        self._accounts, self._clock, self._codes = accounts, clock, codes
        self._client = PartnerClient(url, patience=patience / 4, connections=connections, authorities=authorities)
        self._doctors = Sessions(self._sign_in_doctor, clock=clock)
        self._facilities = Sessions(self._sign_in_facility, clock=clock)

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Hand over every prescription in a file, one after the other; those that are there already change nothing.

        Raises ChannelError; RefusedByPartner names every prescription that is refused, once all have been tried.
        """
        dossiers = dossiers_in(parcel.load())
        prescriptions = [
            one
            for dossier in dossiers
            for one in prescriptions_of(dossier, self._codes(parcel, dossier), facility_code=parcel.facility_code)
        ]
        refusals: dict[str, str] = {}
        for one in prescriptions:
            try:
                self._send(one)
            except RefusedByPartner as refused:
                refusals[one.code] = str(refused.values.get("message", ""))
        if refusals:
            told = "; ".join(f"{code}: {why}" for code, why in refusals.items())
            kept = {"refused": {code: why[: reading.LONGEST_TEXT] for code, why in refusals.items()}}
            raise RefusedByPartner(result=422, message=told[: reading.LONGEST_TEXT], answer=kept)
        codes = [one.code for one in prescriptions]
        return PartnerAnswer(",".join(codes), self._clock(), {"codes": codes})

    def close(self) -> None:
        self._client.close()

    def _send(self, one: Prescription) -> None:
        account = f"{one.facility_code}{_SEPARATOR}{one.doctor}"
        session = self._doctors.held(account)
        try:
            self._post(one, session)
        except SessionOver:
            self._post(one, self._doctors.held(account, instead_of=session))

    def _post(self, one: Prescription, session: Session) -> None:
        answer = self._client.post(SEND, orjson.dumps(one.body), _bearer(session.token), kind=JSON)
        if answer.status in {401, 403}:
            raise SessionOver(result=answer.status)
        if answer.status == 422:
            self._refused(one, session, answer)
            return
        if answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        reading.text_of(reading.as_object(answer.body), "success")

    def _refused(self, one: Prescription, session: Session, answer: Answer) -> None:
        """A code that is used already may be ours: an answer of theirs was lost, and we send it again."""
        why = reasons(reading.as_object(answer.body))
        is_used = any(word in fold(reason) for reason in why for word in USED)
        if is_used and self._is_held(one, session):
            return
        raise RefusedByPartner(result=422, message="; ".join(why))

    def _is_held(self, one: Prescription, session: Session) -> bool:
        answer = self._client.get(f"{LOOK}/{quote(one.code)}", _bearer(session.token))
        if answer.status == 404:
            return False
        if answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        held = reading.as_object(answer.body)
        told = {name: one.body[name] for name in _SAME if name in held and one.body[name]}
        return bool(told) and all(held[name] == value for name, value in told.items())

    def _sign_in_doctor(self, account: str) -> Session:
        facility, _, doctor = account.partition(_SEPARATOR)
        opened = self._facilities.held(facility)
        said = {
            "ma_lien_thong_bac_si": doctor,
            "ma_lien_thong_co_so_kham_chua_benh": facility,
            "password": self._password_of(doctor),
        }
        return self._sign_in(DOCTOR_LOGIN, said, doctor, _bearer(opened.token))

    def _sign_in_facility(self, facility: str) -> Session:
        said = {"ma_lien_thong_co_so_kham_chua_benh": facility, "password": self._password_of(facility)}
        return self._sign_in(FACILITY_LOGIN, said, facility, {})

    def _sign_in(self, path: str, said: dict[str, str], account: str, headers: Mapping[str, str]) -> Session:
        answer = self._client.post(path, orjson.dumps(said), headers, kind=JSON)
        if answer.status in {400, 401, 403, 404, 422}:
            raise AccountRefused(account=account)
        if answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        token = reading.as_object(answer.body)
        return Session(reading.token_of(token, "token"), self._clock() + TOKEN_FOR)

    def _password_of(self, code: str) -> str:
        password = self._accounts.password_of(code) if code else ""
        if not password:
            raise AccountRefused(account=code or "?")
        return password


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def reasons(answer: dict[str, Any]) -> list[str]:
    """`danh_sach_cac_loi`: a list of texts, of objects with a text, or texts by field, depending on the release."""
    said = answer.get("danh_sach_cac_loi")
    if isinstance(said, dict):
        said = [item for value in said.values() for item in (value if isinstance(value, list) else [value])]
    if not isinstance(said, list) or not said:
        raise WrongAnswer(why="danh_sach_cac_loi")
    return [_reason(one)[: reading.LONGEST_TEXT] for one in said[:20]]


def _reason(one: object) -> str:
    if isinstance(one, dict):
        named = (one.get(name) for name in ("thong_bao", "message", "loi", "mo_ta"))
        return str(next((text for text in named if text), one))
    return str(one)
