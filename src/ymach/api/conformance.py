"""Conformance runs for a vendor's software: open, fetch the kit, send it as dry runs, finish, take the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import StringConstraints

from ymach.api import schemas
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now
from ymach.exchange.conformance import actions, queries
from ymach.exchange.conformance.errors import NotADryRun, RunNotFound
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.rules import Seen
from ymach.exchange.intake.case import Sender
from ymach.exchange.platform import issuer
from ymach.exchange.policies.rules import REJECTED, WITH_FINDINGS, gravest
from ymach.synth.golden.facility import offered_to, packed_kit

RUN, CASE = "Ymach-Conformance-Run", "Ymach-Conformance-Case"
router = Router(tags=["Kiểm thử phù hợp · Conformance"])


class Software(Schema):
    """Name and version of the software, as its maker writes them."""

    software: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")] = ""


UNNAMED = Software()


@router.post("/runs", openapi_extra=schemas.CONFORMANCE, summary="Open a conformance run")
def open_run(request: HttpRequest, said: Body[Software] = UNNAMED) -> HttpResponse:
    """A run that was open ends without a verdict. It expires after a day."""
    sender, at = sender_of(request), now()
    run = actions.open_run(
        facility_id=sender.facility.id,
        facility_code=sender.facility.code,
        offered=partial(offered_to, sender.facility.code, at=at),
        software=said.software,
        by=sender.by,
        at=at,
    )
    return _json(_whole(run), 201)


@router.get("/runs/{uuid:run_id}", openapi_extra=schemas.CONFORMANCE, summary="A run, case by case")
def get_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What was seen so far, with the verdict of each case."""
    return _json(_whole(_own(request, run_id)))


@router.get("/runs/{uuid:run_id}/kit", openapi_extra=schemas.CONFORMANCE_KIT, summary="The unsigned files of a run")
def get_kit(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A ZIP: `cases.jsonl` says what to do with each file and what must come out; the same bytes each time."""
    return HttpResponse(packed_kit(_own(request, run_id)), content_type="application/zip")


@router.post("/runs/{uuid:run_id}/finish", openapi_extra=schemas.CONFORMANCE, summary="Finish a run")
def finish(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The verdict and the report, a JWS signed by the platform over what it saw itself."""
    sender = sender_of(request)
    run = actions.finish(facility_id=sender.facility.id, run_id=run_id, issuer=issuer(), by=sender.by, at=now())
    return _json(_whole(run))


@router.get("/runs/{uuid:run_id}/report", openapi_extra=schemas.RECEIPT, summary="The report of a finished run")
def get_report(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Compact JWS, `typ` `ymach-conformance+jwt`."""
    run = _own(request, run_id)
    if not run.report:
        raise RunNotFound
    return HttpResponse(run.report, content_type="application/jose")


@dataclass(frozen=True, slots=True)
class Noting:
    """A request that belongs to a run, checked before it is carried out."""

    run: ConformanceRun
    case: str

    def note(self, bodies: Sequence[dict[str, Any]], status: int) -> None:
        """What came out of the request; of a batch the gravest that was kept, and all findings."""
        if bodies:
            digest = bodies[0].get("digest") or {}
            seen = Seen(
                at=now(),
                digest=str(digest.get("value") or ""),
                status=status,
                outcome=_outcome(bodies),
                finding_codes=tuple(sorted({code for body in bodies for code in _codes(body)})),
            )
            actions.note(self.run, case=self.case, seen=seen)

    def noted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The answer of a batch as it passes; noted when its last line has."""
        passed = b""
        for piece in pieces:
            passed += piece
            yield piece
        self.note([orjson.loads(line)["body"] for line in passed.splitlines()], 200)


def noting_of(request: HttpRequest, sender: Sender, *, dry: bool) -> Noting | None:
    """The run that a request names in its headers, or None. Raises NotADryRun, RunNotFound, RunOver, CaseUnknown."""
    named = request.headers.get(RUN, "")
    if not named:
        return None
    if not dry:
        raise NotADryRun
    try:
        run = queries.get_run(sender.facility.id, UUID(named))
    except ValueError:
        raise RunNotFound from None
    case = request.headers.get(CASE, "")
    actions.check_may_note(run, case=case, at=now())
    return Noting(run, case)


def _own(request: HttpRequest, run_id: UUID) -> ConformanceRun:
    return queries.get_run(sender_of(request).facility.id, run_id)


def _whole(run: ConformanceRun) -> dict[str, Any]:
    claims = queries.claims_now(run, at=now(), issuer=issuer())
    return {
        "id": str(run.id),
        "facility": run.facility_code,
        "software": run.software,
        "opened_at": iso(run.opened_at),
        "expires_at": iso(run.expires_at),
        "finished_at": iso(run.finished_at) if run.finished_at else None,
        "passed": run.has_passed,
        "report": run.report or None,
        "kit": f"/api/v1/conformance/runs/{run.id}/kit",
        "headers": [RUN, CASE],
        "groups": claims["groups"],
        "cases": claims["cases"],
    }


def _outcome(bodies: Sequence[dict[str, Any]]) -> str:
    """A batch is told by what its good lines came to, marked when a line was refused."""
    outcomes = [str(body.get("outcome") or REJECTED) for body in bodies]
    kept = [one for one in outcomes if one != REJECTED]
    if not kept:
        return REJECTED
    return gravest(kept) if len(outcomes) == len(kept) else gravest([*kept, WITH_FINDINGS])


def _codes(body: dict[str, Any]) -> Iterable[str]:
    for finding in body.get("findings", ()):
        yield finding["code"]
    for record in body.get("records", ()):
        yield from (finding["code"] for finding in record["findings"])


def _json(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
