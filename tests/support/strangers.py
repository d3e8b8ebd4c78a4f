"""Two provinces that have nothing to do with each other, and clients of everybody in the first, who go after the second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth import get_user
from django.test import Client, RequestFactory
from django.urls import URLPattern, resolve, reverse

from tests.support.changing import paper, staff_of
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration
from tests.support.profiles import reader
from tests.support.settled import settled_together
from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.invitations import Terms, invite
from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.accounts.queries import actor_of
from ymach.accounts.rules import Home, Limits
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotAllowed, NotSignedIn
from ymach.base.history.models import HistoryEntry
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.changes import actions
from ymach.changes.models import ChangeRequest, ChangeStep, Evidence
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.models import Letter, Notice
from ymach.notices.recipients import Recipient
from ymach.practitioners.actions import edit_contact
from ymach.practitioners.models import Licence, Practitioner
from ymach.publication.many import Line, keep_list
from ymach.web.access import declaration
from ymach.web.middleware import NOBODY

PHONE, EMAIL, NUMBER = "0987654321", "bimat@benhvien.test", "079199000777"
TERMS = Terms(Text("Sở Y tế", "Department"), Text("TP. HCM", "HCMC"))


@dataclass
class Province:
    """One facility with one person, a department, and a request with a paper between them.

    things: by the name of a page, what stands in its address when it is about something the exchange keeps.
    """

    code: str
    facility: Facility
    person: Practitioner
    licence: Licence
    staff: User
    head: User
    request: ChangeRequest
    evidence: UUID
    invitation: UUID
    lent: Membership
    notice: UUID
    check_list: UUID
    token: str
    things: dict[str, dict[str, object]] = field(default_factory=dict)

    def address(self, page: URLPattern) -> str:
        """Where the page lies for what this province has; of what it has nothing of, for one that is not there."""
        own = self.things.get(page.name or "", {})
        given = {**dict.fromkeys(page.pattern.converters, new_id()), **self._given(), **own}
        return reverse(page.name or "", kwargs={place: given[place] for place in page.pattern.converters})

    def has(self, page: URLPattern) -> bool:
        """Whether the page is about something this province has."""
        return set(page.pattern.converters) <= {*self._given(), *self.things.get(page.name or "", {})}

    def _given(self) -> dict[str, object]:
        """What may stand in an address of this province, by the name of the place."""
        return {
            "code": self.facility.code,
            "key": self.person.pk,
            "facility_id": self.facility.pk,
            "number": 1,
            "notice_id": self.notice,
            "invitation_id": self.invitation,
            "membership_id": self.lent.pk,
            "user_id": self.staff.pk,
            "kind": "facility-identity",
            "evidence_id": self.evidence,
            "request_id": self.request.pk,
            "list_id": self.check_list,
            "form": "identity",
            "word": "suspend",
            "token": self.token,
            "licence_id": self.licence.pk,
        }


def province(code: str, facility_code: str) -> Province:
    with settled_together():
        facility = make_facility(facility_code, province_code=code)
        person = make_practitioner("Bùi Văn Kín", personal_number=f"{code}{NUMBER[2:]}")
        licence = make_licence(practitioner=person, issuer_province_code=code)
        make_registration(licence, facility)
    edit_contact(practitioner=person, phone=PHONE, email=EMAIL, by=SYSTEM, at=now())
    staff, head = account(Role.FACILITY, facility_id=facility.pk), account(Role.DEPARTMENT_ADMIN, province_code=code)
    by = staff_of(facility)
    evidence = paper(by)
    held = Membership.objects.get(user=head)
    limits, at = Limits(Role.DEPARTMENT, province_code=code), now()
    sent = invite(
        email=f"moi{code}@so.test",
        limits=limits,
        terms=TERMS,
        by=actor_of(head, on=vietnam_day(at)),
        at=at,
        home=Home(code),
    )
    return Province(
        code=code,
        facility=facility,
        person=person,
        licence=licence,
        staff=staff,
        head=head,
        request=_renaming(facility, evidence),
        evidence=evidence,
        invitation=sent.invitation.pk,
        lent=held,
        notice=tell(to=Recipient(province_code=code), text=Text("Kín", "Secret"), link="/today", by=SYSTEM, at=at).pk,
        check_list=keep_list([Line("1")], by=by, at=at),
        token=sent.link.rpartition("/")[2],
    )


def account(role: Role, username: str = "", **limits: object) -> User:
    """An account with one role."""
    name = username or f"{new_id()}"
    user = create_user(username=name, full_name="Lê Văn Xa", password=None, by=SYSTEM, at=now(), email=f"{name}@x.test")
    grant_role(user=user, role=role, by=SYSTEM, at=now(), **limits)  # type: ignore[arg-type]
    return user


LIMITS: dict[str, Callable[[Province], dict[str, object]]] = {
    "department": lambda of: {"province_code": of.code},
    "department-admin": lambda of: {"province_code": of.code},
    "facility": lambda of: {"facility_id": of.facility.pk},
    "practitioner": lambda of: {"practitioner_id": of.person.pk},
    "citizen": lambda of: {"citizen_id": new_id()},
    "auditor": lambda of: {},
}
WHO = ("nobody", *LIMITS)
"""Everybody of a province, and those who belong to none; nobody, too."""


def client_of(who: str, of: Province) -> Client:
    """One of WHO, signed in."""
    return Client() if who == "nobody" else reader(Role(who), **LIMITS[who](of))


def routes(with_places: bool | None = None) -> Iterator[URLPattern]:
    """The pages; with_places: only those whose address names something, or names nothing."""
    from ymach.web.urls import urlpatterns

    for pattern in urlpatterns:
        if with_places is None or bool(pattern.pattern.converters) is with_places:
            yield pattern


def reads(role: str, page: URLPattern) -> bool:
    """Whether the page looks at what somebody of that role sends it: all others are turned away at the door."""
    word = declaration(page.callback)
    return word in {"public", "signed-in"} or (role in set(Role) and word in ROLE_PERMISSIONS[Role(role)])


def open_doors(client: Client, pages: Iterable[URLPattern], of: Province) -> Iterator[str]:
    """The pages whose own door lets the client through, to read or with a form: each is asked without what stands
    around all of them, which needs no asking at each."""
    request = RequestFactory().get("/")
    request.session = client.session
    user = get_user(request)
    actor = actor_of(user, on=vietnam_day(now())) if isinstance(user, User) else NOBODY
    for page in pages:
        given = resolve(of.address(page)).kwargs
        for method in ("GET", "POST"):
            asked = RequestFactory().generic(method, "/")
            asked.user, asked.actor = user, actor  # type: ignore[attr-defined]
            try:
                page.callback(asked, **given)
            except (NotSignedIn, NotAllowed):
                continue
            yield f"{method} {page.name}"


def asked_by(readers: dict[Role, Client], of: Province, turn: int, left: set[str]) -> Iterator[tuple[Client, str, str]]:
    """By whom, name and address: every page that looks at what it is sent, once a turn, each turn by another of its
    readers; in the first turn only, those about something that is not there.

    left: names of pages to leave out, e.g. those that would end the reading.
    """
    for place, page in enumerate(routes()):
        if page.name in left or (turn and not of.has(page)):
            continue
        clients = [client for role, client in readers.items() if reads(role, page)]
        if clients:
            yield clients[(place + turn) % len(clients)], page.name or "", of.address(page)


def written() -> dict[str, int]:
    """How much of the registry has been written."""
    models = (HistoryEntry, ChangeStep, Evidence, Letter)
    return {
        **{model.__name__: model.objects.count() for model in models},
        "read": Notice.objects.exclude(read_at=None).count(),
    }


def _renaming(facility: Facility, evidence: UUID) -> ChangeRequest:
    values = {name: getattr(facility, name) for name in ("name", "form", "level", "address")}
    return actions.propose(
        kind="facility-identity",
        subject_id=facility.pk,
        values={**values, "name": "Tên mới", "reason": "Quyết định"},
        evidence=[evidence],
        by=staff_of(facility),
        at=now(),
    )


def journaled() -> int:
    """How many events the journal holds."""
    return AuditEvent.objects.count()
