"""What was dispensed, for the national prescription system: once, with our own number, never what was undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.intake import example
from tests.support.partners import Reached, numbered, parcel, reached

from ymach.exchange.channels.contract import (
    ChannelError,
    PartnerAway,
    PartnerTooSlow,
    RefusedByPartner,
    SignInRefused,
    WrongAnswer,
)
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.channels.prescriptions.dispensings import DispensingsChannel
from ymach.exchange.prescriptions.sheets import sheets_of
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.prescriptions import APP_NAME, PASSWORD

PARCEL = parcel("prescriptions", example("03-prescription-only.xml"), code="99003.26.0000042")
"""28 tablets."""


@pytest.fixture
def partner() -> Iterator[Reached]:
    with reached("prescriptions") as found:
        found.channel.send(PARCEL)
        yield found


def sale(number: str, quantity: str) -> dict[str, Any]:
    (dossier,) = dossiers_in(PARCEL.load())
    (sheet,) = sheets_of(dossier)
    line = {"ma_thuoc_da_ke_don": sheet.medicines[0].registration_number, "so_luong_ban": quantity}
    code = numbered(PARCEL, dossier)[0].code
    return {"ma_don_thuoc": code, "ma_hoa_don": number, "thong_tin_don_thuoc": [line]}


def tell(
    partner: Reached, body: dict[str, Any] | None, *, key: str = PASSWORD, seconds: float = 5
) -> tuple[str, dict[str, Any]]:
    channel = DispensingsChannel(
        partner.address, app_name=APP_NAME, app_key=key, patience=timedelta(seconds=seconds), load=lambda parcel: body
    )
    try:
        answer = channel.send(replace(PARCEL, destination="dispensing:1"))
    finally:
        channel.close()
    return answer.reference, answer.kept


def test_a_dispensing_told_twice_is_there_once(partner: Reached) -> None:
    body = sale("1", "10")
    partner.stand_in.behaviour = Behaviour(forget=True)
    with pytest.raises(PartnerAway):
        tell(partner, body)
    partner.stand_in.behaviour = Behaviour()
    assert tell(partner, body) == ("1", {"code": body["ma_don_thuoc"]})
    with pytest.raises(RefusedByPartner):
        tell(partner, sale("2", "19"))  # of 28: had the first counted twice, 8 would be too many
    assert tell(partner, sale("3", "18"))[0] == "3"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Behaviour(down=True), PartnerAway),
        (Behaviour(status=500), PartnerAway),
        (Behaviour(status=503), PartnerAway),
        (Behaviour(certificate_change=True), PartnerAway),
        (Behaviour(status=302), WrongAnswer),
        (Behaviour(wrong_answer=True), WrongAnswer),
        (Behaviour(slow=1), PartnerTooSlow),
    ],
)
def test_a_system_that_fails_gets_it_later_and_once(
    partner: Reached, failure: Behaviour, error: type[ChannelError]
) -> None:
    partner.stand_in.behaviour = failure
    with pytest.raises(error) as caught:
        tell(partner, sale("1", "10"), seconds=0.4 if failure.slow else 5)
    assert not caught.value.permanent
    partner.stand_in.behaviour = Behaviour()
    assert [tell(partner, sale(number, quantity))[0] for number, quantity in (("1", "10"), ("2", "18"))] == ["1", "2"]


def test_a_prescription_that_is_not_there_yet_is_tried_again(partner: Reached) -> None:
    with pytest.raises(WrongAnswer):
        tell(partner, {**sale("1", "1"), "ma_don_thuoc": "99003zzzzzzz-c"})
    with pytest.raises(SignInRefused):
        tell(partner, sale("1", "1"), key="wrong")


def test_what_was_undone_is_not_told(partner: Reached) -> None:
    assert tell(partner, None) == ("", {"undone": True})
