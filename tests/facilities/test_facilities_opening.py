"""Opening facilities, their licences by decision, and their sites."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from tests.support.facility_facts import LATER, LATER_DAY, person
from tests.support.factories import AT, BY, make_facility

from ymach.accounts.permissions import Role
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.base.gln import is_gln
from ymach.base.periods import Period
from ymach.facilities import actions, errors
from ymach.facilities.models import Facility
from ymach.facilities.opening import LicenceGiven, open_facility
from ymach.facilities.profile.actions import state_details
from ymach.facilities.profile.queries import profile
from ymach.notices.models import Notice
from ymach.notices.recipients import Recipient, addresses_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
LICENCE = LicenceGiven("00123/SYT-GPHĐ", DAY, "Sở Y tế Hà Nội", ["Nội", "Nhi"])


def open_clinic(by: Actor = BY, **given: Any) -> Facility:
    details = {"name": "Phòng khám  Thử", "form": "CLIN_POLY", "sector": "PRIVATE", "province_code": "01"}
    return open_facility(**{**details, "licence": LICENCE, **given}, by=by, at=AT)


def test_a_clinic_opens_with_its_licence_in_one_action() -> None:
    opened = profile(open_clinic(commune_code="00070").pk, on=DAY)
    assert (opened.name, opened.valid, opened.commune_code) == ("Phòng khám Thử", Period(DAY), "00070")
    assert opened.licence is not None
    assert (opened.licence.number, opened.licence.scopes) == ("00123/SYT-GPHĐ", ("Nội", "Nhi"))


def test_the_next_free_code_of_the_province_is_given() -> None:
    make_facility("01001")
    make_facility("01003")
    assert [open_clinic().code for _ in range(3)] == ["01002", "01004", "01005"]


def test_a_code_somebody_once_held_is_not_given_again() -> None:
    make_facility("01001", valid=Period(date(2020, 1, 1), date(2021, 1, 1)))
    assert open_clinic().code == "01002"


def test_a_location_number_is_given_under_the_prefix_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_clinic().gln is None
    monkeypatch.setattr(settings.ENVIRONMENT, "gln_prefix", "8931234")
    glns = [open_clinic().gln or "" for _ in range(2)]
    assert [gln[:12] for gln in glns] == ["893123400001", "893123400002"]
    assert all(map(is_gln, glns))
    assert open_clinic(gln="8930000000019").gln == "8930000000019"


def test_a_refused_licence_leaves_no_facility_behind() -> None:
    with pytest.raises(errors.TextMissing):
        open_clinic(licence=LicenceGiven(" ", DAY, "Sở Y tế"))
    assert not Facility.objects.exists()


def test_only_the_department_of_the_province_opens() -> None:
    open_clinic(by=person(Role.DEPARTMENT, province_code="01"))
    for by in (person(Role.DEPARTMENT, province_code="79"), person(Role.MINISTRY)):
        with pytest.raises(NotAllowed):
            open_clinic(by=by)


def test_each_site_is_a_facility_with_its_own_licence() -> None:
    main = make_facility("01001")
    site = open_clinic(site_of=main)
    found = profile(main.pk, on=DAY)
    assert [one.code for one in found.sites] == [site.code]
    shown = profile(site.pk, on=DAY)
    assert shown.main is not None
    assert shown.main.code == "01001"
    assert shown.licence != found.licence


def test_a_site_has_no_sites() -> None:
    site = open_clinic(site_of=make_facility("01001"))
    with pytest.raises(errors.SiteOfSite):
        open_clinic(site_of=site)


def test_a_revoked_licence_ends_by_decision_and_only_once() -> None:
    facility = make_facility()
    licence = facility.operating_licences.get()
    revoke = {"licence": licence, "reason": "closed 24 months", "decision": "9/QĐ-SYT", "by": BY, "at": AT}
    actions.revoke_operating_licence(effective_on=LATER_DAY, **revoke)
    assert [one.state for one in profile(facility.pk, on=DAY).licences] == ["ACTIVE"]
    revoked = profile(facility.pk, on=LATER_DAY)
    assert revoked.licence is None
    assert revoked.licences[0].state == "REVOKED"
    assert revoked.licences[0].revocation is not None
    with pytest.raises(errors.OperatingLicenceRevoked):
        actions.revoke_operating_licence(effective_on=LATER_DAY, **revoke)


def test_a_suspension_is_lifted_by_decision() -> None:
    facility = make_facility(suspended=Period(DAY))
    assert profile(facility.pk, on=LATER_DAY).licences[0].state == "SUSPENDED"
    suspension = facility.operating_licences.get().suspensions.get()
    actions.lift_suspension(suspension=suspension, ends_on=LATER_DAY, reason="mended", by=BY, at=LATER)
    assert profile(facility.pk, on=DAY).licences[0].state == "SUSPENDED"
    assert profile(facility.pk, on=LATER_DAY).licences[0].state == "ACTIVE"


def test_a_partly_suspended_licence_names_the_scopes() -> None:
    facility = make_facility()
    licence = facility.operating_licences.get()
    actions.suspend_operating_licence(
        licence=licence, period=Period(DAY), scopes=["Ngoại"], reason="x", decision="1", by=BY, at=AT
    )
    found = profile(facility.pk, on=DAY).licences[0]
    assert (found.state, found.suspended_scopes) == ("ACTIVE", ("Ngoại",))


def test_a_closed_facility_gives_its_code_and_licence_back() -> None:
    facility = make_facility("01001")
    actions.close_facility(facility=facility, ends_on=LATER_DAY, reason="own wish", by=BY, at=AT)
    assert [one.state for one in profile(facility.pk, on=LATER_DAY).licences] == ["EXPIRED"]
    make_facility("01001", valid=Period(LATER_DAY))


def test_a_corrected_name_is_found_by_its_new_keys() -> None:
    facility = make_facility()
    actions.correct_facility(facility=facility, name="Bệnh viện  Mới", reason="renamed", by=BY, at=AT)
    row = Facility.objects.get(pk=facility.pk)
    assert (row.name, row.name_folded) == ("Bệnh viện Mới", "benh vien moi")


def test_a_corrected_location_number_stays_one_of_one_facility() -> None:
    first, second = make_facility("01001"), make_facility("01002")
    actions.correct_facility(facility=first, gln="8930000000019", reason="given", by=BY, at=AT)
    with pytest.raises(errors.GlnTaken):
        actions.correct_facility(facility=second, gln="8930000000019", reason="given", by=BY, at=AT)
    actions.correct_facility(facility=first, gln=None, reason="taken back", by=BY, at=AT)
    assert Facility.objects.get(pk=first.pk).gln is None


def test_a_facility_is_told_of_decisions_about_its_licence() -> None:
    facility = make_facility(suspended=Period(DAY))
    suspension = facility.operating_licences.get().suspensions.get()
    actions.lift_suspension(suspension=suspension, ends_on=LATER_DAY, reason="mended", by=BY, at=LATER)
    licence = facility.operating_licences.get()
    actions.revoke_operating_licence(
        licence=licence, effective_on=LATER_DAY, reason="x", decision="9/QĐ-SYT", by=BY, at=LATER
    )
    told = Notice.objects.filter(facility_id=facility.pk).order_by("id")
    assert [one.link for one in told] == ["/facilities/01001"] * 3
    assert told[2].en == "Operating licence 01001/SYT-GPHĐ is revoked from 01/06/2026 on by decision 9/QĐ-SYT."


def test_letters_go_to_the_address_the_facility_gave() -> None:
    facility = make_facility()
    state_details(facility=facility, email="lienhe@01001.example.vn", by=BY, at=AT)
    assert addresses_of(Recipient(facility_id=facility.pk), on=DAY) == ["lienhe@01001.example.vn"]
