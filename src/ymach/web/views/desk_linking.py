"""“This is …” at the desk: evidence, what it would join, then the link."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.links.evidence import WORDS as EVIDENCE_WORDS
from ymach.citizens.links.evidence import Kind
from ymach.citizens.links.queries import level_of
from ymach.citizens.provisional import codes, linking
from ymach.citizens.provisional.queries import Band
from ymach.citizens.provisional.shown import DESK_KINDS, faults_of, read_shown
from ymach.web.access import actor_of_request, needs
from ymach.web.shown import desk as shown
from ymach.web.shown.assurance import assured
from ymach.web.shown.desk import DESK
from ymach.web.templatetags.ymach import language
from ymach.web.wristbands import Form, band_at_address

FIELDS = ("scan", "number", "full_name", "birth", "reference", "reason", "code")
LINKED = Text(
    "Đã nối. Hồ sơ của hai danh tính đọc chung từ bây giờ.", "Linked. Both identities are read together from now on."
)
SCANS = frozenset({Kind.CITIZEN_CARD, Kind.WRISTBAND})
"""Evidence that is read by the scanner alone."""


@needs(Permission.IDENTITY_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence; `do=look` shows what it would join, `do=link` joins. Nothing typed is lost on the way."""
    actor, at = actor_of_request(request), now()
    band = band_at_address(code, actor, at)
    kind = _kind(request.POST.get("kind", "") or request.GET.get("kind", ""))
    form, seen = Form({}), None
    if request.method == "POST":
        form = Form({name: str(value)[:2000] for name, value in request.POST.items()})
        for fault in faults_of(kind, form.typed, on=vietnam_day(at)):
            _refuse(form, fault, kind)
    if request.method == "POST" and form.status == HTTPStatus.OK:
        try:
            evidence = read_shown(kind, form.typed, on=vietnam_day(at))
            if form.typed.get("do") == "link":
                linking.confirm(band, evidence, reason=form.typed.get("reason", ""), by=actor, at=at)
                messages.success(request, LINKED.to(language()))
                return redirect("desk-one", band.code)
            seen = linking.preview(band, evidence, by=actor, at=at)
        except YmachError as error:
            _refuse(form, error, kind)
            seen = _seen_again(band, kind, form, actor, at) if error.field == "reason" else None
    return render(request, "pages/desk/identify.html", _context(band, kind, form, seen), status=form.status)


def _seen_again(band: Band, kind: Kind, form: Form, by: Actor, at: datetime) -> linking.Preview:
    """The preview stays while a reason is asked for."""
    return linking.preview(band, read_shown(kind, form.typed, on=vietnam_day(at)), by=by, at=at)


def _refuse(form: Form, error: YmachError, kind: Kind) -> None:
    if error.field == "code" or (error.field == "number" and kind in SCANS):
        error.field = "scan"
    form.refuse(error, FIELDS)


def _kind(word: str) -> Kind:
    return Kind(word) if word in DESK_KINDS else Kind.CITIZEN_CARD


def _context(band: Band, kind: Kind, form: Form, seen: linking.Preview | None) -> dict[str, object]:
    address = reverse("desk-identify", args=[band.code])
    return {
        "band": band,
        "printed": codes.printed(band.code),
        "level": assured(level_of(band.citizen_id)),
        "facts": shown.facts_of(band),
        "kinds": [(f"{address}?kind={one}", EVIDENCE_WORDS[one], one is kind) for one in DESK_KINDS],
        "kind": kind.value,
        "evidence": EVIDENCE_WORDS[kind],
        "is_scan": kind in SCANS,
        "form": form,
        "kept": [(name, form.typed.get(name, "")) for name in FIELDS if name != "reason"] if seen else [],
        "seen": shown.side_of(seen, shown.dossier_counts(seen.identities)) if seen else None,
        "dossiers": shown.dossier_counts([band.citizen_id]).get(band.citizen_id, (0, 0))[0],
        "crumbs": [(DESK, reverse("desk")), (codes.printed(band.code), reverse("desk-one", args=[band.code]))],
    }
