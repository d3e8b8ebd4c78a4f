"""What is published follows the registry in the same transaction, and nobody else can write it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.support.factories import AT, BY, make_facility, make_licence, make_practitioner, make_registration

from ymach.base.history.attribution import attributed
from ymach.base.periods import Period
from ymach.facilities.models import Facility
from ymach.practitioners import actions
from ymach.practitioners.bulk import NewLicence, NewPractitioner, NewRegistration, copy_practitioners
from ymach.practitioners.models import Practitioner
from ymach.publication.models import PublicationEntry
from ymach.publication.queries import check, check_many, get
from ymach.publication.rules import State, judge, places_on
from ymach.publication.verification import verify_entries

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
PRIVATE = {"personal_number", "passport_number", "birth_date", "sex", "nationality", "phone", "email", "address"}


def test_a_granted_licence_is_published_at_once() -> None:
    licence = make_licence("000123/HCM-GPHN", practitioner=make_practitioner("Trần Thị Bích"))
    entry = check(" 000123 / hcm-gphn")
    assert entry is not None
    assert (entry.licence_id, entry.name, judge(entry, TODAY).state) == (licence.id, "Trần Thị Bích", State.ACTIVE)


def test_a_registration_appears_with_facility_province_and_hours_and_goes_when_it_ends() -> None:
    licence = make_licence()
    registration = make_registration(
        licence, make_facility("01001", province_code="01"), schedule="T2-T6: 07:00 đến 16:30"
    )
    place = get(licence.id).places[0]
    assert (place.code, place.province, str(place.schedule)) == ("01001", "01", "T2-T6: 07:00 đến 16:30")
    actions.end_practice(registration=registration, ends_on=date(2026, 5, 1), reason="left", by=BY, at=AT)
    assert places_on(get(licence.id), TODAY) == ()


def test_a_suspension_and_a_revocation_are_published() -> None:
    suspended = make_licence(suspended=Period(date(2026, 5, 1), date(2026, 8, 1)))
    revoked = make_licence(revoked=date(2026, 5, 1))
    assert judge(get(suspended.id), TODAY).state is State.SUSPENDED
    assert judge(get(revoked.id), TODAY).state is State.REVOKED


def test_a_replaced_certificate_names_the_number_that_follows() -> None:
    old = make_licence("0001234/HNO-CCHN", valid=Period(date(2015, 1, 1), date(2035, 1, 1)))
    new = make_licence(practitioner=old.practitioner, valid=Period(date(2025, 1, 1), date(2030, 1, 1)), replaces=old)
    entry = get(old.id)
    assert (judge(entry, TODAY).state, entry.replaced_by) == (State.CONVERTED, new.number)


def test_a_renamed_person_and_a_renamed_facility_are_published_under_the_new_names() -> None:
    licence, facility = make_licence(), make_facility()
    make_registration(licence, facility)
    with attributed(by=BY, reason="test", at=AT):
        Practitioner.objects.filter(pk=licence.practitioner_id).update(full_name="Lê Văn Tám", name_folded="le van tam")
        Facility.objects.filter(pk=facility.pk).update(name="Bệnh viện Mới")
    entry = get(licence.id)
    assert (entry.name, entry.places[0].name) == ("Lê Văn Tám", "Bệnh viện Mới")


def test_a_load_of_many_is_published_once_at_the_end_of_its_transaction() -> None:
    facility = make_facility()
    licence = ("a", ("V",), "Sở Y tế", date(2024, 1, 1), Period(date(2024, 1, 1)))
    people = [
        NewPractitioner(
            uuid4(),
            f"9{serial:011d}",
            "Nguyễn Văn An",
            date(1990, 1, 1),
            "1",
            (
                NewLicence(
                    f"{serial:06d}/QZ-GPHN",
                    *licence,
                    registrations=(NewRegistration(facility.id, Period(date(2024, 1, 1))),),
                ),
            ),
        )
        for serial in range(600)
    ]
    copy_practitioners(people, reason="test", by=BY, at=AT)
    assert not PublicationEntry.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert PublicationEntry.objects.count() == 600
    assert verify_entries().holds
    found = check_many([f"{serial:06d}/QZ-GPHN" for serial in range(600)])
    assert all(entry.places for entry in found.values())


@pytest.mark.parametrize("edit", ["UPDATE publication_entry SET name = 'Ai Đó'", "DELETE FROM publication_entry"])
def test_the_proof_finds_an_entry_that_is_wrong_or_missing(edit: str) -> None:
    licence = make_licence()
    assert verify_entries().holds
    with connection.cursor() as cursor:
        # The running role cannot spoil the table; a temporary one of the same name stands before it.
        cursor.execute("CREATE TEMPORARY TABLE publication_entry AS SELECT * FROM public.publication_entry")
        cursor.execute(edit)
    proof = verify_entries()
    assert (proof.holds, proof.differing) == (False, (licence.id,))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication_entry SET name = 'x'",
        "DELETE FROM publication_entry",
        "INSERT INTO publication_word VALUES ('x')",
        "INSERT INTO settling_pending (settler, ids) VALUES ('ymach_publish', '{}')",
        "SELECT ymach_publish('{}')",
        "TRUNCATE publication_entry",
    ],
)
def test_the_running_role_cannot_write_what_is_published(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_published_table_has_no_private_column() -> None:
    assert not PRIVATE & {field.column for field in PublicationEntry._meta.fields}
