from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.db import DatabaseError, IntegrityError, connection
from tests.support.factories import AT, BY, START, make_facility

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import SYSTEM, Actor, ActorKind, Grant
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.facilities import actions, bulk, errors
from ymach.facilities.models import Facility, OperatingLicence
from ymach.facilities.queries import (
    certificate_binding,
    facility_by_code,
    facility_certificates,
    visible_to,
)
from ymach.trust.certificates import Certificate, wrap
from ymach.trust.demo_ca import new_key

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def actor(role: Role, **limits: object) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, "u", "U", (Grant(role.value, words, **limits),))  # type: ignore[arg-type]


def register(code: str = "01004", gln: str | None = None, valid: Period | None = None) -> Facility:
    return actions.register_facility(
        code=code,
        gln=gln,
        name="Trạm Y tế",
        form="STATION",
        sector="PUBLIC",
        province_code="01",
        valid=valid,
        by=BY,
        at=AT,
    )


@pytest.mark.parametrize("code", ["0100", "010041", "A1004", "01a04", "01-04", ""])
def test_code_has_two_digits_and_three_characters(code: str) -> None:
    with pytest.raises(errors.FacilityCodeWrong):
        register(code)


def test_code_may_hold_letters_after_the_province() -> None:
    assert register("79A0B").code == "79A0B"


def test_code_is_held_by_one_facility_at_a_time() -> None:
    register("01004")
    with pytest.raises(errors.FacilityCodeTaken) as refusal:
        register("01004")
    assert refusal.value.text.en == "Code 01004 belongs to another facility during this time."


def test_code_given_back_can_be_held_by_another() -> None:
    first = register("01004", valid=Period(START, DAY))
    second = register("01004", valid=Period(DAY))
    assert facility_by_code("01004", on=date(2026, 3, 1)) == first
    assert facility_by_code("01004", on=DAY) == second
    assert facility_by_code("01004", on=date(2023, 1, 1)) is None


def test_gln_needs_its_check_digit() -> None:
    assert register(gln="8930000000019").gln == "8930000000019"
    with pytest.raises(errors.GlnWrong):
        register("01005", gln="8930000000018")


def test_gln_belongs_to_one_facility() -> None:
    register(gln="8930000000019")
    with pytest.raises(errors.GlnTaken):
        register("01005", gln="8930000000019")


@pytest.mark.parametrize("gln", ["8930000000018", "893000000001x", "89300000000"])
def test_wrong_gln_is_refused_by_the_database_too(gln: str) -> None:
    facility = register()
    with pytest.raises(IntegrityError, match="gln_check_digit"), attributed(by=BY, reason="x", at=AT):
        Facility.objects.filter(pk=facility.pk).update(gln=gln)


def test_second_operating_licence_in_force_is_refused() -> None:
    facility = make_facility()
    with pytest.raises(errors.OperatingLicenceOverlaps):
        actions.grant_operating_licence(facility=facility, number="2", issued_on=DAY, issuer="Sở Y tế", by=BY, at=AT)


def test_new_operating_licence_follows_one_that_ended() -> None:
    facility = make_facility()
    actions.end_operating_licence(licence=facility.operating_licences.get(), ends_on=DAY, reason="moved", by=BY, at=AT)
    actions.grant_operating_licence(facility=facility, number="2", issued_on=DAY, issuer="Sở Y tế", by=BY, at=AT)
    assert facility.operating_licences.count() == 2


def test_overlapping_suspensions_of_operation_are_refused() -> None:
    facility = make_facility(suspended=Period(DAY, date(2026, 6, 1)))
    with pytest.raises(errors.OperatingLicenceSuspensionOverlaps):
        actions.suspend_operating_licence(
            licence=facility.operating_licences.get(), period=Period(DAY), reason="x", decision="2", by=BY, at=AT
        )


def test_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(errors.PeriodWrong):
        register(valid=Period(DAY, DAY))


@pytest.mark.parametrize("table", ["facility", "operating_licence", "operating_licence_suspension", "certificate"])
def test_nobody_deletes_without_saying_who_and_why(table: str) -> None:
    make_facility(suspended=Period(DAY))
    with pytest.raises(DatabaseError, match="nobody said who"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM facilities_{table}")


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    """Self-signed, in force for a year from the moment of the tests; what it names does not matter here."""
    key = new_key("EC")
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "Trạm Y tế"), x509.NameAttribute(NameOID.USER_ID, "MST:0101234567")]
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=365))
    return wrap(builder.sign(key, hashes.SHA256()))


def test_certificate_is_bound_from_its_registration_on(certificate: Certificate) -> None:
    facility = make_facility()
    bound = actions.register_certificate(facility=facility, certificate=certificate, by=BY, at=AT)
    assert (bound.subject_common_name, bound.tax_code) == ("Trạm Y tế", "0101234567")
    assert certificate_binding(certificate.fingerprint.upper(), at=AT) == bound
    assert certificate_binding(certificate.fingerprint, at=AT - timedelta(seconds=1)) is None


def test_certificate_is_bound_to_one_facility_at_a_time(certificate: Certificate) -> None:
    actions.register_certificate(facility=make_facility("01001"), certificate=certificate, by=BY, at=AT)
    with pytest.raises(errors.CertificateTaken):
        actions.register_certificate(facility=make_facility("01002"), certificate=certificate, by=BY, at=AT)


def test_certificate_ended_here_can_be_bound_elsewhere(certificate: Certificate) -> None:
    later = AT + timedelta(hours=1)
    first = actions.register_certificate(facility=make_facility("01001"), certificate=certificate, by=BY, at=AT)
    actions.end_certificate(certificate=first, reason="sold", by=BY, at=later)
    second = actions.register_certificate(facility=make_facility("01002"), certificate=certificate, by=BY, at=later)
    assert certificate_binding(certificate.fingerprint, at=AT) == first
    assert certificate_binding(certificate.fingerprint, at=later) == second
    assert list(facility_certificates("01002")) == [second]


def test_ending_a_certificate_twice_is_harmless(certificate: Certificate) -> None:
    bound = actions.register_certificate(facility=make_facility(), certificate=certificate, by=BY, at=AT)
    once = actions.end_certificate(certificate=bound, reason="lost", by=BY, at=AT + timedelta(hours=1))
    twice = actions.end_certificate(certificate=bound, reason="lost", by=BY, at=AT + timedelta(hours=2))
    assert twice.valid == once.valid


def test_expired_certificate_is_not_registered(certificate: Certificate) -> None:
    facility = make_facility()
    with pytest.raises(errors.CertificateExpired):
        actions.register_certificate(
            facility=facility, certificate=certificate, by=BY, at=datetime(2028, 1, 1, tzinfo=UTC)
        )


def test_each_role_sees_its_facilities() -> None:
    hanoi, saigon = make_facility("01001", province_code="01"), make_facility("79001", province_code="79")
    assert set(visible_to(actor(Role.MINISTRY))) == {hanoi, saigon}
    assert list(visible_to(actor(Role.DEPARTMENT, province_code="79"))) == [saigon]
    assert list(visible_to(actor(Role.FACILITY, facility_id=hanoi.pk))) == [hanoi]
    assert not visible_to(actor(Role.AUDITOR)).exists()
    assert not visible_to(SYSTEM).exists()


def test_bulk_writes_the_same_rows_as_the_actions() -> None:
    licence = bulk.NewOperatingLicence("1/SYT-GPHĐ", START, "Sở Y tế", Period(START), ("Nội, ngoại", 'a "b"'))
    new = bulk.NewFacility(
        new_id(),
        "01009",
        "Bệnh viện Ánh Sao",
        "HOSP_GEN",
        "PUBLIC",
        "01",
        Period(START),
        phone="024",
        licences=(licence,),
    )
    assert bulk.copy_facilities([new], reason="import", by=BY, at=AT) == 1
    facility, one_by_one = Facility.objects.get(code="01009"), make_facility("01010", name="Bệnh viện Ánh Sao")
    assert (facility.name_folded, facility.sort_key) == (one_by_one.name_folded, one_by_one.sort_key)
    assert (facility.phone, facility.gln, facility.valid) == ("024", None, one_by_one.valid)
    written = OperatingLicence.objects.get(facility=facility)
    assert (written.number_key, written.scopes) == ("1/SYT-GPHD", ["Nội, ngoại", 'a "b"'])
