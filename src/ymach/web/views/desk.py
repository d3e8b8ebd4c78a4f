"""The desk for people without papers: give a wristband, scan it, see what stands under it, print it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, start_of_day, vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.ids import new_id
from ymach.base.qr import qr_path
from ymach.base.text import Text
from ymach.citizens.links.errors import ReasonMissing
from ymach.citizens.links.queries import history_of, identities_of, levels_of
from ymach.citizens.models import Citizen
from ymach.citizens.provisional import codes, linking
from ymach.citizens.provisional.actions import give, note_listed, note_seen
from ymach.citizens.provisional.births import check_mother, give_to_newborn
from ymach.citizens.provisional.details import WORDS, Details, Kind, faults, tidied
from ymach.citizens.provisional.errors import NotAtAFacility
from ymach.citizens.provisional.queries import Band, BandFilter, bands_at, children_of
from ymach.citizens.provisional.shown import read_birth
from ymach.facilities.models import Facility
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, query_of, read_day, read_moment
from ymach.web.formatting import clock
from ymach.web.parts import Column, Pages
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import desk as shown
from ymach.web.shown.assurance import assured
from ymach.web.shown.desk import DESK
from ymach.web.shown.people import people
from ymach.web.templatetags.ymach import language
from ymach.web.wristbands import Form, band_at_address, find_band

PAGE = 50
HEADS = (
    *(Text("Vòng tay", "Wristband"), Text("Người bệnh", "Patient"), Text("Biết chắc tới đâu", "How sure we are")),
    *(Text("Hồ sơ", "Dossiers"), Text("Cấp lúc", "Given")),
)
COLUMNS = [Column(HEADS[0]), Column(HEADS[1]), Column(HEADS[2]), Column(HEADS[3], is_number=True), Column(HEADS[4])]
GIVEN = Text(
    "Đã cấp vòng tay {code}. In và đeo ngay cho người bệnh.", "Wristband {code} is given. Print it, and put it on."
)
SAME = Text(
    "Vòng tay này vừa quét lúc {time}: vẫn là người bệnh này.",
    "This wristband was scanned at {time}: the same patient.",
)
UNDONE = Text("Đã gỡ. Hồ sơ của mỗi danh tính ở nguyên chỗ cũ.", "Taken apart. Each identity keeps its own dossiers.")
NO_BIRTH = Text(
    "Ngày sinh viết như 20/11/2026, 11/2026 hoặc 2026.", "Write the birth like 20/11/2026, 11/2026 or 2026."
)
NO_NUMBER = Text("Ghi bằng số.", "Write a number.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address."""

    kind: str = ""
    day: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        kind = query.get("kind", "")
        day = query.get("day", "").strip()[:10]
        return cls(kind if kind in list(Kind) else "", day, read_moment(query.get("before", "")))

    def wanted(self) -> BandFilter:
        on = read_day(self.day)
        since = start_of_day(on) if on else None
        until = start_of_day(on + timedelta(days=1)) if on else None
        before = min((one for one in (until, self.before) if one), default=None)
        return BandFilter(Kind(self.kind) if self.kind else None, since, before)

    def older(self, before: datetime) -> str:
        values = {"kind": self.kind, "day": self.day, "before": before.isoformat()}
        return query_of(values)


@needs(Permission.IDENTITY_DESK)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The four kinds, the scanner, and the wristbands given."""
    actor, asked, at = actor_of_request(request), Asked.of(request.GET), now()
    sheet = Sheet([*HEADS], lambda: _cells(shown.lines(_listed(actor, asked, LIMIT, at))))
    return page_or_sheet(request, "pages/desk/index.html", lambda: _list(actor, asked, at), {"wristbands": sheet})


@needs(Permission.IDENTITY_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """One form a kind: what little is known, then the wristband."""
    actor, at = actor_of_request(request), now()
    if kind not in list(Kind):
        raise NotFound
    facility = lookups.own_facility(actor)
    if facility is None:
        raise NotAtAFacility
    form = Form({"form": str(new_id()), **_begun(request.GET)})
    if request.method == "POST":
        form = Form({name: str(value)[:1000] for name, value in request.POST.items()})
        made = _give(Kind(kind), form, facility, actor, at)
        if made is not None:
            messages.success(request, GIVEN.format(code=codes.printed(made.code)).to(language()))
            return redirect("desk-one", made.code)
    context = {
        "kind": kind,
        "title": WORDS[Kind(kind)],
        "hint": shown.HINTS[Kind(kind)],
        "form": form,
        "sexes": [("", Text("Chưa rõ", "Not known")), ("1", Text("Nam", "Male")), ("2", Text("Nữ", "Female"))],
        "crumbs": [(DESK, reverse("desk"))],
    }
    return render(request, "pages/desk/new.html", context, status=form.status)


@needs(Permission.IDENTITY_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """A wristband under the scanner, which types its code and Enter."""
    actor, at = actor_of_request(request), now()
    form = Form()
    if request.method == "POST":
        form.typed = {"code": request.POST.get("code", "")[:300]}
        try:
            band = find_band(form.typed["code"], actor, at)
        except YmachError as error:
            form.refuse(error, ["code"])
        else:
            _say_if_again(request, band, at)
            return redirect("desk-one", band.code)
    return render(
        request, "pages/desk/scan.html", {"form": form, "crumbs": [(DESK, reverse("desk"))]}, status=form.status
    )


@needs(Permission.IDENTITY_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One person under a wristband: what is known, what came under it, who they turned out to be."""
    actor, at = actor_of_request(request), now()
    band, form = band_at_address(code, actor, at), Form()
    if request.method == "POST":
        form = Form({"reason": request.POST.get("reason", "")[:1000], "link": request.POST.get("link", "")[:40]})
        if _undo(band, form, actor, at):
            messages.success(request, UNDONE.to(language()))
            return redirect("desk-one", band.code)
    else:
        note_seen(band, "opened", by=actor, at=at)
    return render(request, "pages/desk/one.html", _person(band, actor, form), status=form.status)


@needs(Permission.IDENTITY_DESK)
@require_safe
def wristband(request: HttpRequest, code: str) -> HttpResponse:
    """The wristband for a printer of labels, or on A6."""
    actor, at = actor_of_request(request), now()
    band = band_at_address(code, actor, at)
    note_seen(band, "printed", by=actor, at=at)
    path, side = qr_path(band.code)
    called = shown.called(band)
    context = {
        "band": band,
        "called": called,
        "printed": codes.printed(band.code),
        "note": shown.note_of(band.details),
        "is_named": bool(band.details.full_name) or called != band.name,
        "kind": WORDS[band.kind],
        "facility": Facility.objects.filter(pk=band.facility_id).values_list("name", flat=True).first() or "",
        "qr": path,
        "side": side + 4,
        "is_small": request.GET.get("paper") != "a6",
        "crumbs": _crumbs(band),
    }
    return render(request, "pages/desk/wristband.html", context)


def _say_if_again(request: HttpRequest, band: Band, at: datetime) -> None:
    last, time = request.session.get("desk_scanned", ["", ""])
    if last == band.code:
        messages.info(request, SAME.format(time=time).to(language()))
    request.session["desk_scanned"] = [band.code, clock(at)]


def _give(kind: Kind, form: Form, facility: Facility, by: Actor, at: datetime) -> Band | None:
    """The new wristband, or None with what is wrong in the form."""
    details = _details(form)
    mother = form.typed.get("mother", "").strip() if kind is Kind.NEWBORN else ""
    _check(kind, details, mother, form, at)
    if form.errors:
        form.status = 422
        return None
    try:
        key = UUID(form.typed.get("form", ""))
        if kind is Kind.NEWBORN:
            return give_to_newborn(mother=mother, details=details, facility=facility, form=key, by=by, at=at)
        return give(kind=kind, details=details, facility=facility, form=key, by=by, at=at)
    except ValueError:
        raise NotFound from None
    except YmachError as error:
        form.refuse(error, ["mother"])
    return None


def _check(kind: Kind, details: Details, mother: str, form: Form, at: datetime) -> None:
    """Everything that is wrong, beside what could not even be read."""
    form.errors = faults(kind, tidied(details), has_mother=bool(mother), on=vietnam_day(at)) | form.errors
    try:
        if mother:
            check_mother(mother, on=vietnam_day(at))
    except YmachError as error:
        form.refuse(error, ["mother"])


def _details(form: Form) -> Details:
    typed = form.typed
    birth = read_birth(typed.get("birth", ""))
    if typed.get("birth", "").strip() and birth is None:
        form.errors["birth"] = NO_BIRTH
    texts = ("full_name", "found_at", "marks", "passport", "nationality", "guardian_name", "guardian_phone", "sex")
    known = {name: typed.get(name, "") for name in texts}
    return Details(**known, birth=birth, age=_number(form, "age"), birth_order=_number(form, "birth_order"))


def _number(form: Form, name: str) -> int | None:
    text = form.typed.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 4):
        form.errors[name] = NO_NUMBER
        return None
    return int(text) if text else None


def _undo(band: Band, form: Form, by: Actor, at: datetime) -> bool:
    try:
        linking.undo(band, UUID(form.typed["link"]), reason=form.typed["reason"], by=by, at=at)
    except ValueError:
        raise NotFound from None
    except ReasonMissing as error:
        form.refuse(error, ["reason"])
    except YmachError as error:
        form.refuse(error, [])
    return form.status == 200


def _listed(actor: Actor, asked: Asked, limit: int, at: datetime) -> list[Band]:
    """The wristbands; that somebody looked at them is in the journal."""
    found = bands_at(actor, asked.wanted(), limit=limit)
    note_listed(found, by=actor, at=at)
    return found


def _list(actor: Actor, asked: Asked, at: datetime) -> dict[str, object]:
    found = _listed(actor, asked, PAGE + 1, at)
    rows = found[:PAGE]
    return {
        "unit": lookups.unit_of(actor),
        "can_give": lookups.own_facility(actor) is not None,
        "kinds": [
            (reverse("desk-new", args=[kind]), WORDS[kind], shown.HINTS[kind], shown.ICONS[kind]) for kind in Kind
        ],
        "choices": [("", Text("Tất cả", "All")), *((kind.value, WORDS[kind]) for kind in Kind)],
        "asked": asked,
        "day_error": WRONG_DAY if asked.day and read_day(asked.day) is None else "",
        "lines": shown.lines(rows),
        "columns": COLUMNS,
        "pages": Pages(older=asked.older(rows[-1].made_at) if len(found) > PAGE else ""),
    }


def _cells(lines: Iterable[shown.Line]) -> Iterable[list[object]]:
    for line in lines:
        yield [line.printed, line.name, line.level.word, line.dossiers, line.band.made_at]


def _person(band: Band, actor: Actor, form: Form) -> dict[str, object]:
    identities = identities_of([band.citizen_id])
    levels = levels_of(identities)
    stories = history_of([band.citizen_id])
    others = [one for one in identities if one != band.citizen_id]
    known = people([*others, *([band.mother_id] if band.mother_id else [])])
    counts = shown.dossier_counts(identities)
    here = shown.dossiers_at(band.facility_id, identities, under=band.citizen_id)
    return {
        "band": band,
        "called": shown.called(band),
        "printed": codes.printed(band.code),
        "level": assured(levels[band.citizen_id]),
        "facts": shown.facts_of(band, known[band.mother_id].name if band.mother_id in known else ""),
        "dossiers": here,
        "elsewhere": sum(count for count, _ in counts.values()) - len(here),
        "joined": [(known[one], assured(levels[one])) for one in others if one in known],
        "holding": [
            (one, _other_name(one.citizen_id, one.to_citizen_id, band)) for one in stories if not one.undone_at
        ],
        "hops": shown.hops_of(stories, [band.citizen_id]),
        "children": shown.lines(children_of(identities, by=actor)),
        "twin": _twin(band),
        "can_see_submissions": may(actor, Permission.SUBMISSION_SEE),
        "form": form,
        "crumbs": [(DESK, reverse("desk"))],
    }


def _twin(band: Band) -> str:
    """The address of the form for the next of several newborns, with the mother and the order filled in."""
    if band.kind is not Kind.NEWBORN or band.mother_id is None:
        return ""
    filled = {"mother": band.code, "birth_order": (band.details.birth_order or 1) + 1}
    return f"{reverse('desk-new', args=[Kind.NEWBORN])}?{urlencode(filled)}"


def _begun(query: QueryDict) -> dict[str, str]:
    """What an address fills in of a form."""
    return {name: query.get(name, "")[:40] for name in ("mother", "birth_order")}


def _other_name(one: UUID, other: UUID, band: Band) -> str:
    key = other if one == band.citizen_id else one
    return Citizen.objects.filter(pk=key).values_list("full_name", flat=True).first() or ""


def _crumbs(band: Band) -> list[tuple[Text | str, str]]:
    return [(DESK, reverse("desk")), (codes.printed(band.code), reverse("desk-one", args=[band.code]))]
