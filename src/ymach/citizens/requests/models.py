"""Requests of people about their data, step by step, and the restrictions that follow. Texts of people are sealed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id
from ymach.citizens.requests.rules import OPEN, Kind, State

_IS_OPEN = Q(state__in=[one.value for one in OPEN])


class Request(models.Model):
    """One request as it stands.

    asked_by: the account. proxy_id: the citizen who asks for the person, if another does. facility_id, facility_code,
    province_code: who must act: a facility, else the department of the province, else (blank) the ministry. about: of a
    record "record:<id>", of a reading its event. words: sealed. extended: the one extension was taken.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    kind = models.TextField(choices=[(one.value, one.value) for one in Kind])
    state = models.TextField(choices=[(one.value, one.value) for one in State])
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    proxy_id = models.UUIDField(null=True)
    facility_id = models.UUIDField(null=True)
    facility_code = models.TextField(default="")
    province_code = models.TextField(default="")
    about = models.TextField(default="")
    about_kind = models.TextField(default="")
    about_on = models.DateField(null=True)
    words = models.BinaryField(null=True)
    ground = models.TextField(default="")
    answer_due_on = models.DateField()
    act_due_on = models.DateField()
    extended = models.BooleanField(default=False)
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "citizens_request"
        indexes = [
            models.Index(fields=["id"], name="citizens_request_by_id"),
            models.Index(
                fields=["facility_id", "-asked_at"],
                condition=Q(facility_id__isnull=False),
                name="citizens_request_of_facility",
            ),
            models.Index(
                fields=["province_code", "-asked_at"],
                condition=Q(facility_id__isnull=True),
                name="citizens_request_of_province",
            ),
            models.Index(fields=["act_due_on"], condition=_IS_OPEN, name="citizens_request_open"),
        ]
        constraints = [
            models.CheckConstraint(
                name="citizens_request_closed_once", condition=_IS_OPEN ^ Q(closed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="citizens_request_refused_for_a_reason", condition=~Q(state=State.REFUSED.value) | ~Q(ground="")
            ),
        ]


class Step(models.Model):
    """Something said or done about a request; never changed. number: from 1. words: sealed, None where nothing is said."""

    pk = models.CompositePrimaryKey("citizen_id", "request_id", "number")
    citizen_id = models.UUIDField()
    request_id = models.UUIDField()
    number = models.IntegerField()
    act = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    by_label = models.TextField()
    words = models.BinaryField(null=True)

    class Meta:
        db_table = "citizens_request_step"


class Restricted(models.Model):
    """Reading that a person does not want, from `since` until it is lifted. None: every reader, purpose, kind of record.

    readers: ids of facilities.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    request_id = models.UUIDField()
    since = models.DateTimeField()
    readers = ArrayField(models.UUIDField(), null=True)
    purposes = ArrayField(models.TextField(), null=True)
    kinds = ArrayField(models.TextField(), null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(null=True)

    class Meta:
        db_table = "citizens_restriction"
        constraints = [
            models.CheckConstraint(
                name="citizens_restriction_lifted_by_somebody",
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__gte=F("since"), lifted_by__isnull=False),
            )
        ]
