"""What belongs to a facility's profile. Every row holds for a period: a change closes the old row and opens a new one.

Rows of one thing (one department, one device, one contact) follow each other and never overlap: the database refuses it.
Source of the fields: Circular 38/2024/TT-BYT Art. 10; departments and beds as in Circular 12/2026/TT-BTC.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id
from ymach.base.weekly_field import WeeklyScheduleField
from ymach.facilities.models.facility import Facility


def one_at_a_time(name: str, *thing: str) -> ExclusionConstraint:
    """Of one thing of a facility (named by these columns), one row a day. Its index also serves look-ups by facility."""
    equal = [(column, RangeOperators.EQUAL) for column in ("facility", *thing)]
    return ExclusionConstraint(name=name, expressions=[*equal, ("valid", RangeOperators.OVERLAPS)])


def of_facility(related_name: str) -> models.ForeignKey[Facility, Facility]:
    """The facility a row belongs to; the exclusion's index begins with it, so it needs none of its own."""
    return models.ForeignKey(Facility, on_delete=models.PROTECT, related_name=related_name, db_index=False)


class Dated(models.Model):
    """A row that holds from one day to another (Viet Nam). `thing`: the column that tells things of one facility apart."""

    thing: ClassVar[str | None] = None

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid = DateRangeField()

    class Meta:
        abstract = True


class LegalPerson(Dated):
    """The enterprise or unit that owns the facility. enterprise_number: ten digits, a branch adds `-NNN`."""

    facility = of_facility("legal_persons")
    name = models.TextField()
    enterprise_number = models.CharField(max_length=14, blank=True, default="")
    tax_code = models.CharField(max_length=14, blank=True, default="")
    representative = models.TextField(blank=True, default="")

    class Meta:
        db_table = "facilities_legal_person"
        constraints = [one_at_a_time("legal_person_one_at_a_time")]


class Department(Dated):
    """A department with its beds; `code` is the K-code of Decision 1804/QĐ-BYT (2026) annex 2, with a unit suffix if any.

    beds_planned, beds_actual, beds_icu, beds_emergency, exam_tables: GIUONG_PD, GIUONG_TK, GIUONG_HSTC, GIUONG_HSCC and
    BAN_KHAM of the department table of Circular 12/2026/TT-BTC. Beds of intensive and emergency care, for the newborn and
    with negative pressure are part of the actual ones.
    """

    thing = "code"

    facility = of_facility("departments")
    code = models.CharField(max_length=20)
    name = models.TextField()
    exam_tables = models.PositiveSmallIntegerField(default=0)
    beds_planned = models.PositiveSmallIntegerField(default=0)
    beds_actual = models.PositiveSmallIntegerField(default=0)
    beds_icu = models.PositiveSmallIntegerField(default=0)
    beds_emergency = models.PositiveSmallIntegerField(default=0)
    beds_newborn = models.PositiveSmallIntegerField(default=0)
    beds_negative_pressure = models.PositiveSmallIntegerField(default=0)
    operating_tables = models.PositiveSmallIntegerField(default=0)
    delivery_tables = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "facilities_department"
        constraints = [one_at_a_time("department_code_one_at_a_time", "code")]


class OpeningHours(Dated):
    """When the facility is open, by the week; no slot means no fixed hours. note: holidays and the like."""

    facility = of_facility("opening_hours")
    schedule = WeeklyScheduleField()
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "facilities_opening_hours"
        constraints = [one_at_a_time("opening_hours_one_at_a_time")]


class Technique(Dated):
    """A technique the facility is approved for (Law 15/2023/QH15; list of Circular 23/2024/TT-BYT).

    code: in the technique catalogue; release: the label of the catalogue's release the code was taken from; decision and
    approved_on: of the approval.
    """

    thing = "code"

    facility = of_facility("techniques")
    code = models.CharField(max_length=30)
    release = models.CharField(max_length=30)
    decision = models.TextField()
    approved_on = models.DateField()

    class Meta:
        db_table = "facilities_technique"
        constraints = [one_at_a_time("technique_one_at_a_time", "code")]


class Equipment(Dated):
    """One device, or several of the same model; `item` stays the same over all its rows. kind, state: `facilities.lists`."""

    thing = "item"

    facility = of_facility("equipment")
    item = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=20)
    name = models.TextField()
    model = models.TextField(blank=True, default="")
    serial = models.TextField(blank=True, default="")
    maker = models.TextField(blank=True, default="")
    made_year = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20)
    last_service_on = models.DateField(null=True)
    next_service_on = models.DateField(null=True)
    inspection_due_on = models.DateField(null=True)
    department_code = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "facilities_equipment"
        constraints = [
            one_at_a_time("equipment_one_at_a_time", "item"),
            models.CheckConstraint(name="equipment_some", condition=Q(quantity__gt=0)),
        ]


class Contact(Dated):
    """Whom to call about what; `item` stays the same over all its rows. Only public ones are shown to the public."""

    thing = "item"

    facility = of_facility("contacts")
    item = models.UUIDField(default=new_id)
    role = models.CharField(max_length=20)
    name = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    email = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)

    class Meta:
        db_table = "facilities_contact"
        constraints = [
            one_at_a_time("contact_one_at_a_time", "item"),
            models.CheckConstraint(name="contact_can_be_reached", condition=~Q(phone="", email="")),
        ]
