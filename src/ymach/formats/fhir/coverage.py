"""Insurance cards: one Coverage a card, from four lists in the same order."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from ymach.clinical.check_in import CheckIn
from ymach.clinical.visit import Visit
from ymach.formats.fhir import findings
from ymach.formats.fhir.names import extension_url, system
from ymach.formats.fhir.paths import Json
from ymach.formats.fhir.schema import Part, Spec, resource_types

if TYPE_CHECKING:
    from ymach.formats.fhir.read import BundleReading
    from ymach.formats.fhir.write import BundleWriting

Resource = dict[str, Json]
REGISTERED = extension_url("coverage", "MA-DKBD")


def write_cards(writing: BundleWriting, row: Visit | CheckIn, name: str) -> None:
    """Add one Coverage for every card of a visit or check-in."""
    lists = zip_longest(row.insurance_cards, row.registered_facilities, row.cards_valid_from, row.cards_valid_to)
    for order, (number, facility, start, end) in enumerate(lists, 1):
        coverage = writing.new(resource_types()["Coverage"])
        coverage["order"] = order
        if number is not None:
            coverage["identifier"] = [{"system": system("card"), "value": number}]
        period = {key: day.isoformat() for key, day in (("start", start), ("end", end)) if day is not None}
        if period:
            coverage["period"] = period
        coverage["payor"] = [{"display": "Bảo hiểm xã hội Việt Nam"}]
        if facility is not None:
            coverage["extension"] = [{"url": REGISTERED, "valueReference": writing.reference("organization", facility)}]
        writing.add(coverage, f"{name}/{order}")


def read_cards(reading: BundleReading, part: Part) -> None:
    """The four lists from the Coverage resources of the patient, in their stated order."""
    specs = [
        next(spec for spec in part.specs if spec.attribute == name)
        for name in ("insurance_cards", "registered_facilities", "cards_valid_from", "cards_valid_to")
    ]
    cards = []
    for place, coverage in enumerate(reading.opened.of_type("Coverage")):
        reading.resource = coverage
        try:
            if not _is_theirs(reading, coverage):
                continue
            order = coverage.get("order")
            cards.append((order if type(order) is int else 0, place, _card(reading, coverage)))
        except (TypeError, AttributeError, KeyError, IndexError):
            reading.note(findings.TYPE, "", wanted="Coverage")
    cards.sort(key=lambda card: card[:2])
    for column, spec in enumerate(specs):
        _fill(reading, spec, [card[column] for _, _, card in cards])


def _is_theirs(reading: BundleReading, coverage: Resource) -> bool:
    status = coverage.get("status")
    owner = reading.opened.resolve(coverage.get("beneficiary"))
    if owner is not None and owner is not reading.patient:
        return False
    reading.used.add(id(coverage))
    if status in {"cancelled", "entered-in-error", "draft"}:
        reading.note(findings.STATUS, "", value=str(status))
        return False
    return True


def _card(reading: BundleReading, coverage: Resource) -> tuple[Json, Json, Json, Json]:
    number = next(
        (one.get("value") for one in coverage.get("identifier") or () if one.get("system") == system("card")),
        coverage.get("subscriberId"),
    )
    facility = next(
        (
            reading.code_of(one["valueReference"], "organization", "extension.valueReference")
            for one in coverage.get("extension") or ()
            if one.get("url") == REGISTERED
        ),
        None,
    )
    period = coverage.get("period") or {}
    return number, facility, period.get("start"), period.get("end")


def _fill(reading: BundleReading, spec: Spec, found: list[Json]) -> None:
    """A list has no gaps: what comes after a card that lacks the value would be taken for an earlier card's."""
    known = len(found)
    while known and found[known - 1] is None:
        known -= 1
    for raw in found[:known]:
        if raw is None:
            reading.note(findings.CARD_GAP, spec.attribute)
            return
        reading.add(spec, raw, spec.attribute)
