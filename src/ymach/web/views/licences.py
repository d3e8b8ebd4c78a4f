"""The public licence check: search, one verdict, its QR code and sealed certificate. No account is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ymach.base.clock import now, vietnam_day
from ymach.base.qr import qr_path
from ymach.base.text import Text
from ymach.exchange.platform import platform_key
from ymach.publication import queries
from ymach.publication.asking import check_pace
from ymach.publication.journal import record_refused_qr
from ymach.publication.payload import titles
from ymach.publication.queries import LicenceNotFound
from ymach.publication.seals import QrExpired, QrRefused, sign_qr, verify_qr
from ymach.publication.search import Found, Wanted, search
from ymach.trust.platform import jwks
from ymach.web.access import public
from ymach.web.asked import query_of
from ymach.web.parts import Column
from ymach.web.reached import reader_address
from ymach.web.sealer import sealer
from ymach.web.shown.licences import card_of, province_choices, row_of, tabs

ANY_TITLE = Text("Mọi chức danh", "Any title")
PLACES = [
    Column(Text("Nơi đăng ký hành nghề", "Place of practice")),
    Column(Text("Công việc ở đó", "Work there")),
    Column(Text("Giờ", "Hours")),
]
EXAMPLES = ("nguyen van an", "000123/HCM-GPHN", "benh vien da khoa")


@dataclass(frozen=True, slots=True)
class LicencesAsked:
    """What the search form asks for, as typed."""

    q: str = ""
    facility: str = ""
    province: str = ""
    title: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> LicencesAsked:
        values = {name: query.get(name, "").replace("\x00", "").strip()[:100] for name in cls.__dataclass_fields__}
        return cls(**values)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.q, self.facility, self.province, self.title)

    def address(self, **changes: str) -> str:
        """The address of this search, changed."""
        values = {name: getattr(replace(self, **changes), name) for name in self.__dataclass_fields__}
        return query_of(values)


@public
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The search; while somebody types, htmx asks for the results alone."""
    asked, at = LicencesAsked.of(request.GET), now()
    if not asked.wanted.is_blank:
        check_reader_pace(request)
    found, on = search(asked.wanted, on=vietnam_day(at)), vietnam_day(at)
    context = {"asked": asked, "at": at, **_results(asked, found)}
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "pages/licences/results.html", context)
    choices = {"provinces": province_choices(on), "titles": [("", ANY_TITLE), *titles(on).items()]}
    frame = {"tabs": tabs(request, "people"), "examples": [(text, f"?{urlencode({'q': text})}") for text in EXAMPLES]}
    return render(request, "pages/licences/index.html", {**context, **choices, **frame})


@public
@never_cache
@require_safe
def one(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """The verdict on one licence, as it stands now, with a QR code that opens it again."""
    check_reader_pace(request)
    return _verdict_page(request, licence_id)


@public
@require_safe
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """A printed number leads to its licence; one that is unknown to the search, which offers what is near."""
    check_reader_pace(request)
    entry = queries.check(number)
    if entry is None:
        return HttpResponseRedirect(f"{reverse('licences')}?{urlencode({'q': number[:100]})}")
    return HttpResponseRedirect(reverse("licence", args=[entry.licence_id]))


@public
@never_cache
@require_safe
def certificate(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """The sealed PDF of the state of a licence."""
    from ymach.publication.certificates import certificate_pdf  # on use: the libraries of PDF take a second to load

    check_reader_pace(request)
    entry, at = queries.get(licence_id), now()
    address = qr_address(sign_qr(entry, key=platform_key(), at=at))
    pdf = certificate_pdf(entry, address=address, sealer=sealer(), at=at)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ymach-{vietnam_day(at):%Y%m%d}-{licence_id}.pdf"'
    return answer


@public
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where the text of a QR code can be pasted, for those whose telephone shows it without opening it."""
    given = request.GET.get("token", "").strip()
    token = given.rpartition("/")[2]
    if token and len(token) < 2000 and token.isascii() and token.isprintable() and " " not in token:
        return HttpResponseRedirect(reverse("licence-qr", args=[token]))
    return render(
        request, "pages/licences/verify.html", {"tabs": tabs(request, "qr"), "is_wrong": bool(given)}, status=200
    )


@public
@never_cache
@require_safe
def qr(request: HttpRequest, token: str) -> HttpResponse:
    """What a scanned code opens: the signature is verified, then the registry is asked how things are now."""
    check_reader_pace(request)
    at = now()
    try:
        claims = verify_qr(token, jwks(platform_key()), at=at)
    except QrRefused as refused:
        record_refused_qr(refused, token=token, address=reader_address(request), at=at)
        context = {"error": refused, "is_expired": isinstance(refused, QrExpired), "at": at}
        return render(request, "pages/licences/refused.html", context, status=422)
    try:
        return _verdict_page(request, claims.licence_id, scanned_made=claims.issued_at, scanned_name=claims.name)
    except LicenceNotFound as gone:
        context = {"error": gone, "is_expired": True, "at": at}
        return render(request, "pages/licences/refused.html", context, status=404)


def check_reader_pace(request: HttpRequest) -> None:
    """One more question of somebody without an account. Raises TooMany."""
    environment = settings.ENVIRONMENT
    if environment.public_per_minute and not request.user.is_authenticated:
        check_pace(reader_address(request), allowed=environment.public_per_minute, at=now())


def qr_address(token: str) -> str:
    """The full address behind a QR code."""
    return f"{settings.ENVIRONMENT.base_url}{reverse('licence-qr', args=[token])}"


def _results(asked: LicencesAsked, found: Found) -> dict[str, object]:
    at = now()
    on = vietnam_day(at)
    hits, near = found.entries[: found.near], found.entries[found.near :]
    return {
        "cards": [card_of(entry, at) for entry in hits] if len(hits) == 1 else [],
        "rows": [row_of(entry, on) for entry in hits] if len(hits) != 1 else [],
        "near": [row_of(entry, on) for entry in near],
        "facilities": [(one.name, one.code, asked.address(q="", facility=one.code)) for one in found.facilities],
        "count": found.count,
        "is_more": found.is_more,
        "is_asked": not asked.wanted.is_blank,
        "is_found": bool(found.entries),
        "chooses_facility": bool(asked.facility and found.is_more and not found.entries),
        "columns": PLACES,
    }


def _verdict_page(
    request: HttpRequest, licence_id: UUID, *, scanned_made: object = None, scanned_name: str = ""
) -> HttpResponse:
    entry, at = queries.get(licence_id), now()
    path, side = qr_path(qr_address(sign_qr(entry, key=platform_key(), at=at)))
    context = {
        "card": card_of(entry, at),
        "entry": entry,
        "at": at,
        "columns": PLACES,
        "qr": path,
        "side": side + 4,
        "scanned_made": scanned_made,
        "is_renamed": bool(scanned_name) and not entry.name.startswith(scanned_name),
    }
    return render(request, "pages/licences/one.html", context)
