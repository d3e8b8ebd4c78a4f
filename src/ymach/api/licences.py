"""The licence check for programs: open to everybody, bounded for each address; lists for those who have the word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from ymach.accounts.permissions import Permission, require
from ymach.api import licence_schemas as schemas
from ymach.api.pace import check_public_pace
from ymach.api.parameters import Word
from ymach.api.signin import machine_of
from ymach.base.clock import iso, now, vietnam_day
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.exchange.platform import platform_key
from ymach.publication import queries
from ymach.publication.many import MOST_LINES, Line, verdicts_of
from ymach.publication.payload import both, verdict_body
from ymach.publication.rules import Entry
from ymach.publication.seals import sign_status
from ymach.publication.search import Wanted, search

router = Router(tags=["Tra cứu giấy phép · Licence check"])
JSON = "application/json"
LONGEST = 200


class NothingAsked(Invalid):
    """No parameter says what is looked for."""

    code = "YM-LIC-NOTHING-ASKED"
    sentence = Text(
        "Cần ít nhất một tham số: number, name hoặc facility.", "Give at least one parameter: number, name or facility."
    )


class TooManyLines(Invalid):
    """A list longer than is answered at once, or empty."""

    code = "YM-LIC-LIST"
    sentence = Text(
        "Danh sách cần từ 1 đến {most} dòng, mỗi dòng là số giấy phép hoặc đối tượng có number và name.",
        "A list has 1 to {most} lines, each a licence number or an object with number and name.",
    )


class LineWrong(Invalid):
    """A line of a list is neither a number nor an object with one."""

    code = "YM-LIC-LINE"
    sentence = Text(
        "Dòng {row} không đọc được: cần số giấy phép, hoặc đối tượng có number và name. Sửa dòng này rồi gửi lại.",
        "Line {row} cannot be read: a licence number, or an object with number and name. Mend it and send again.",
    )


@router.get("/licences", openapi_extra=schemas.SEARCH, summary="Find licences by number, name, facility")
def find(
    request: HttpRequest, number: Word = "", name: Word = "", facility: Word = "", province: Word = "", title: Word = ""
) -> HttpResponse:
    """By number: that licence, else those one slip away in `near`. Otherwise the best twenty; `more`: narrow it."""
    check_public_pace(request)
    at = now()
    if number and not (name or facility or province or title):
        entry = queries.check(number)
        if entry is not None:
            return _found([entry], [], at, count=1)
    wanted = Wanted(number or name, facility, province, title)
    if wanted.is_blank:
        raise NothingAsked
    found = search(wanted, on=vietnam_day(at))
    places = [{"code": one.code, "name": one.name, "province": one.province} for one in found.facilities]
    hits, near = found.entries[: found.near], found.entries[found.near :]
    return _found(hits, near, at, count=found.count, more=found.is_more, facilities=places)


@router.get("/licences/{uuid:licence_id}", openapi_extra=schemas.ONE, summary="One licence, as it stands now")
def one(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """State, what stops the holder, workplaces and hours, and when this was computed."""
    check_public_pace(request)
    return _json(verdict_body(queries.get(licence_id), now()))


@router.get("/licences/{uuid:licence_id}/status", openapi_extra=schemas.STATUS, summary="The state, signed")
def status(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """A JWS of the platform, good for five minutes (keys: /.well-known/jwks.json)."""
    check_public_pace(request)
    at = now()
    body = verdict_body(queries.get(licence_id), at)
    token = sign_status(body, key=platform_key(), issuer=settings.ENVIRONMENT.base_url, at=at)
    answer = HttpResponse(token, content_type="application/jose")
    answer["Cache-Control"] = "no-store"
    return answer


@router.post("/licences:check-many", openapi_extra=schemas.MANY, summary="Check a list of licences")
def check_many(request: HttpRequest, lines: Body[list[Any]]) -> HttpResponse:
    """One verdict a line, in order: found, name differs, not found. For those who hold `licence:check-many`."""
    require(machine_of(request), Permission.LICENCE_CHECK_MANY)
    if not 0 < len(lines) <= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    at = now()
    answers = [
        {
            "number": verdict.line.number,
            "name": verdict.line.name,
            "result": verdict.result.value,
            "result_words": both(verdict.words),
            "licence": verdict_body(verdict.entry, at) if verdict.entry else None,
        }
        for verdict in verdicts_of([_line(*line) for line in enumerate(lines, 1)], on=vietnam_day(at))
    ]
    return _json({"verdicts": answers, "computed_at": iso(at)})


def _line(row: int, line: Any) -> Line:
    said = line if isinstance(line, dict) else {"number": line}
    number, name = said.get("number"), said.get("name", "")
    if not isinstance(number, str) or not isinstance(name, str) or "\x00" in number + name or len(number) > LONGEST:
        raise LineWrong(field="number", row=row)
    return Line(number, name[:LONGEST])


def _found(hits: Any, near: Any, at: Any, *, count: int, more: bool = False, facilities: Any = ()) -> HttpResponse:
    def bodies(entries: list[Entry]) -> list[dict[str, Any]]:
        return [verdict_body(entry, at) for entry in entries]

    moment = iso(at)
    body = {"licences": bodies(hits), "near": bodies(near), "count": count, "more": more}
    return _json({**body, "facilities": list(facilities), "computed_at": moment})


def _json(body: Any) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), content_type=JSON)
    answer["Cache-Control"] = "no-store"
    return answer
