"""What is kept ready so that no page counts rows: one summary a person and a facility, and the tallies of both.

Only triggers write here (`data/figures.sql`), in the transaction of the change; the running role may read.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id
from ymach.figures.fields import DaysField


class PractitionerFigure(models.Model):
    """A practitioner as the figures see them.

    province_code: of the main workplace, else of the one whose registration lasts longest, else of the licence's
    issuer, else empty. title: of the newest licence, empty without one. The days on which the person may practise
    (`active`), may not for a while (`suspended`) or because of a ban (`banned`), is registered at a facility while
    active (`working`), confirmed the profile lately while active (`confirmed`: `confirmation.keep`). licence_until: the first
    day without licence by lapse; revoked_on: by decision. changed_on: the day of the last change of the profile or of
    anything that belongs to it (Viet Nam).
    """

    practitioner_id = models.UUIDField(primary_key=True, default=new_id)
    province_code = models.CharField(max_length=2)
    title = models.CharField(max_length=2)
    sort_key = models.TextField()
    active = DaysField()
    suspended = DaysField()
    banned = DaysField()
    working = DaysField()
    confirmed = DaysField()
    licence_until = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    changed_on = models.DateField()

    class Meta:
        db_table = "figures_practitioner"
        indexes = [
            models.Index(fields=["sort_key", "practitioner_id"], name="figures_people_order"),
            models.Index(fields=["province_code", "sort_key", "practitioner_id"], name="figures_people_province"),
            models.Index(fields=["province_code", "licence_until"], name="figures_people_until"),
            models.Index(
                fields=["province_code", "sort_key"],
                name="figures_people_suspended",
                condition=~Q(suspended="{}"),
            ),
            models.Index(
                fields=["province_code", "sort_key"],
                name="figures_people_revoked",
                condition=Q(revoked_on__isnull=False),
            ),
        ]


class FacilityFigure(models.Model):
    """A facility as the figures see it.

    The days on which it exists (`operating`), may operate (`active`), may not for a while (`suspended`), has a person
    responsible for technical expertise while active (`headed`), confirmed its profile lately while
    active (`confirmed`). licence_until: the first day without operating licence by lapse; revoked_on: by decision.
    """

    facility_id = models.UUIDField(primary_key=True, default=new_id)
    province_code = models.CharField(max_length=2)
    form = models.CharField(max_length=20)
    sector = models.CharField(max_length=20)
    sort_key = models.TextField()
    operating = DaysField()
    active = DaysField()
    suspended = DaysField()
    headed = DaysField()
    confirmed = DaysField()
    licence_until = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    changed_on = models.DateField()

    class Meta:
        db_table = "figures_facility"
        indexes = [
            models.Index(fields=["sort_key", "facility_id"], name="figures_places_order"),
            models.Index(fields=["province_code", "sort_key", "facility_id"], name="figures_places_province"),
        ]


class Tally(models.Model):
    """An amount by which a figure of a province changes from a day on. Sums over rows are the figure.

    subject: practitioners, facilities or requests. key: the title, the form of the facility, the kind of request. Rows
    are only added, by triggers; `figures_compact()` joins those of the same day, and of the same month where that is long ago.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=13)
    figure = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    key = models.TextField()
    day = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "figures_tally"
        indexes = [
            models.Index(
                fields=["subject", "province_code", "figure", "day"],
                include=["key", "amount"],
                name="figures_tally_sum",
            )
        ]
