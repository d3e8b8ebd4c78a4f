"""Opening a facility: the department enters it once, code and location number are given, then its people are invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotAllowed, YmachError
from ymach.base.text import Text
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Field, Shape, Value, codes, day, text
from ymach.facilities import access
from ymach.facilities.models import Facility
from ymach.facilities.opening import LicenceGiven, open_facility
from ymach.facilities.queries import facility_by_code
from ymach.places.queries import province
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.facility.decisions import licence_fields
from ymach.web.facility.forms import Raw, asking, case_for, field_of, read_all
from ymach.web.facility.verified import class_fields, commune_field
from ymach.web.parts import Fact
from ymach.web.shown.facilities import FACILITIES, crumbs_of
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language

OPENED = Text("Đã mở cơ sở {code}.", "Facility {code} is open.")
SOURCE = "Law 15/2023/QH15 Art. 49; Decree 96/2023/NĐ-CP Art. 59"
NO_MAIN = Text("Không có cơ sở chính nào mang mã này.", "No main facility has this code.")


@needs(Permission.FACILITY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new facility. Outside the reader's province it is refused, and the attempt stays in the journal."""
    actor, at = actor_of_request(request), now()
    own = _own_provinces(actor)
    wanted = (request.POST.get("province") or request.GET.get("province") or (own[0] if own else ""))[:2]
    with refusals_recorded("facility:open", f"province:{wanted}", by=actor, at=at):
        access.require_decider(actor, Permission.FACILITY_MANAGE, where=access.Locality(wanted))
    if request.method != "POST":
        return _page(request, actor, wanted, {"issuer": [_issuer(wanted)]}, {})
    fields = _fields(wanted)
    raw: Raw = {name: request.POST.getlist(name) for name in request.POST}
    values, errors = read_all(fields, raw, case_for(None, actor, at))
    if errors:
        return _page(request, actor, wanted, raw, errors, status=422)
    try:
        facility = _open(values, wanted, actor)
    except NotAllowed:
        raise
    except YmachError as error:
        name = field_of(error, fields)
        beside = {name: error.text} if name else {}
        return _page(request, actor, wanted, raw, beside, None if name else error.text, error.status)
    messages.success(request, OPENED.format(code=facility.code).to(language()))
    return redirect("facility-opened", code=facility.code)


@needs(Permission.FACILITY_MANAGE)
@require_safe
def opened(request: HttpRequest, code: str) -> HttpResponse:
    """What a new facility was given, and the invitation of its people."""
    actor = actor_of_request(request)
    facility = lookups.facility_of(actor, code)
    context = {
        "facility": facility,
        "crumbs": crumbs_of(facility),
        "facts": [
            Fact(Text("Tên", "Name"), facility.name),
            Fact(Text("Thư điện tử", "E-mail"), facility.email or "—"),
        ],
        "may_invite": may(actor, Permission.ACCOUNT_MANAGE),
    }
    return render(request, "pages/facility/opened.html", context)


def _own_provinces(actor: Actor) -> list[str]:
    grants = (grant for grant in actor.grants if Permission.FACILITY_MANAGE.value in grant.permissions)
    return [grant.province_code for grant in grants if grant.province_code]


def _issuer(code: str) -> str:
    unit = province(code, vietnam_day(now()))
    return f"Sở Y tế {unit.name('vi')}" if unit else "Sở Y tế"


def _fields(province_code: str) -> Sequence[Field]:
    return (
        Field(name="name", label=Text("Tên cơ sở", "Name"), is_required=True, longest=300),
        *class_fields(),
        commune_field(province_code),
        Field(
            name="address", label=Text("Địa chỉ", "Address"), longest=300, hint=Text("Số nhà, đường.", "House, street.")
        ),
        Field(
            name="email",
            label=Text("Thư điện tử của đầu mối kỹ thuật", "E-mail of the technical contact"),
            shape=Shape.EMAIL,
            is_required=True,
            hint=Text("Thư mời tài khoản đi tới đây.", "The invitation to an account goes here."),
        ),
        Field(name="phone", label=Text("Điện thoại", "Telephone"), shape=Shape.PHONE, longest=30),
        Field(name="tax_code", label=Text("Mã số thuế", "Tax code"), longest=14),
        Field(
            name="site_of",
            label=Text("Là địa điểm của cơ sở", "A further site of"),
            longest=5,
            hint=Text("Mã cơ sở chính; bỏ trống nếu đứng riêng.", "Code of the main facility; blank if there is none."),
        ),
        *licence_fields(),
        Field(
            name="code",
            label=Text("Mã cơ sở", "Code"),
            longest=5,
            hint=Text("Bỏ trống: hệ thống cấp mã trống kế tiếp của tỉnh.", "Blank: the next free one of the province."),
        ),
    )


def _open(values: dict[str, Value], province_code: str, actor: Actor) -> Facility:
    given: dict[str, Any] = {
        name: text(values.get(name))
        for name in ("name", "form", "sector", "level", "commune_code", "address", "email", "phone", "tax_code")
    }
    at = now()
    licence = LicenceGiven(
        number=text(values.get("number")),
        issued_on=day(values.get("issued_on")) or vietnam_day(at),
        issuer=text(values.get("issuer")),
        scopes=codes(values.get("scopes")),
    )
    return open_facility(
        province_code=province_code,
        licence=licence,
        code=text(values.get("code")).upper() or None,
        site_of=_main(text(values.get("site_of")).upper()),
        by=actor,
        at=at,
        **given,
    )


def _main(code: str) -> Facility | None:
    if not code:
        return None
    found = facility_by_code(code, on=vietnam_day(now()))
    if found is None:
        raise FieldWrong(field="site_of", vi=NO_MAIN.vi, en=NO_MAIN.en)
    return found


def _page(
    request: HttpRequest,
    actor: Actor,
    province_code: str,
    raw: Raw,
    errors: dict[str, Text],
    trouble: Text | None = None,
    status: int = 200,
) -> HttpResponse:
    today, own = vietnam_day(now()), _own_provinces(actor)
    asked = asking(_fields(province_code), raw, errors, case_for(None, actor, now()))
    licence = {"number", "issued_on", "issuer", "scopes", "code"}
    unit = province(province_code, today)
    units = [(code, found.name(language())) for code in own if (found := province(code, today))]
    context = {
        "about": [one for one in asked if one.field.name not in licence],
        "licence": [one for one in asked if one.field.name in licence],
        "errors": errors,
        "trouble": trouble,
        "province": province_code,
        "place": unit.name(language()) if unit else province_code,
        "provinces": [(f"?province={code}", name, code == province_code) for code, name in units],
        "source": source_words(SOURCE),
        "crumbs": [(FACILITIES, reverse("facilities"))],
    }
    return render(request, "pages/facility/new.html", context, status=status)
