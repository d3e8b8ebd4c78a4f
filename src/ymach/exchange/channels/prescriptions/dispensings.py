"""Telling the national prescription system what was dispensed: `cap-nhat-don-thuoc` (Decision 228/QĐ-QLD 2023).

The installation signs in with the name and the key of its application. The contract knows neither a dispensing taken
back nor a prescription cancelled: what was undone before it was told is not told, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from ymach.base.clock import now
from ymach.base.vietnamese import fold
from ymach.exchange.channels import reading
from ymach.exchange.channels.contract import Parcel, PartnerAnswer, RefusedByPartner, SignInRefused, WrongAnswer
from ymach.exchange.channels.http import JSON, PartnerClient
from ymach.exchange.channels.prescriptions.channel import PATIENCE, USED, reasons
from ymach.exchange.deliveries.names import receiver_of
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.prescriptions.queries import Filled, of_submission
from ymach.exchange.prescriptions.sheets import plain

UPDATE = "api/v1/cap-nhat-don-thuoc"
Load = Callable[[Parcel], dict[str, Any] | None]
"""The body to send; None where there is nothing to tell any more."""


def stored_body(parcel: Parcel) -> dict[str, Any] | None:
    """The dispensing that a parcel is about, unless it was undone. Asks the database, and lets go of it again."""
    try:
        found = of_submission(parcel.facility_code, parcel.dossier_code, UUID(receiver_of(parcel.destination)))
    finally:
        if not connection.in_atomic_block:
            connection.close()  # one of many senders, each with a thread of its own
    return None if found is None or found[1].dispensing.undone_at is not None else body_of(*found)


def body_of(one: Prescription, filled: Filled) -> dict[str, Any]:
    """As vendors send it; every value is text. The number of the sale is ours, the same for every attempt."""
    lines = {int(line["number"]): line for line in one.body["lines"]}
    sold = [{**_line(lines[part.number]), "so_luong_ban": plain(part.quantity)} for part in filled.parts]
    done = filled.dispensing
    return {
        "ma_don_thuoc": one.code,
        "ma_hoa_don": str(done.id),
        "ma_co_so_ban_thuoc": done.pharmacy_code,
        "nguoi_ban_thuoc": done.pharmacist,
        "thong_tin_don_thuoc": sold,
    }


class DispensingsChannel:
    """The way for all pharmacies. Safe under threads."""

    needs_content = False

    def __init__(
        self,
        url: str,
        *,
        app_name: str,
        app_key: str,
        patience: timedelta = PATIENCE,
        connections: int = 8,
        authorities: Path | None = None,
        clock: Callable[[], datetime] = now,
        load: Load = stored_body,
    ) -> None:
        self.patience = patience
        self._headers = {"app-name": app_name, "app-key": app_key}
        self._clock, self._load = clock, load
        self._client = PartnerClient(url, patience=patience / 2, connections=connections, authorities=authorities)

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Tell of one dispensing. Raises ChannelError; a prescription that is not there yet is tried again."""
        body = self._load(parcel)
        if body is None:
            return PartnerAnswer("", self._clock(), {"undone": True})
        answer = self._client.post(UPDATE, orjson.dumps(body), self._headers, kind=JSON)
        if answer.status in {401, 403}:
            raise SignInRefused(result=answer.status)
        if answer.status == 422:
            self._refused(reasons(reading.as_object(answer.body)))
        elif answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        else:
            reading.as_object(answer.body)  # a page of somebody's in between is no answer of theirs
        return PartnerAnswer(str(body["ma_hoa_don"]), self._clock(), {"code": body["ma_don_thuoc"]})

    def close(self) -> None:
        self._client.close()

    def _refused(self, why: list[str]) -> None:
        """What was told before is told; every other refusal is for good."""
        if not any(word in fold(reason) for reason in why for word in USED):
            raise RefusedByPartner(result=422, message="; ".join(why))


def _line(printed: dict[str, Any]) -> dict[str, str]:
    usage = "; ".join(part for part in (printed["dosage"], printed["instructions"]) if part)
    return {
        "ma_thuoc_da_ke_don": printed["code"],
        "ma_thuoc": printed["code"],
        "biet_duoc": printed["name"],
        "ten_thuoc": " ".join(part for part in (printed["name"], printed["strength"]) if part),
        "don_vi_tinh": printed["unit"],
        "so_luong": printed["quantity"],
        "cach_dung": usage,
    }
