"""Medical oxygen: where a facility has it from, and how much it used a month."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id
from ymach.facilities.models.profile import Dated, of_facility, one_at_a_time


class OxygenSource(Dated):
    """A tank, a plant, a manifold, a stock of cylinders or concentrators, or the piped network; `item` names it for ever.

    kind: code of the catalogue oxygen_source_type, or NETWORK. details: what that kind has (`facilities.oxygen.kinds`),
    numbers as decimal text. state: working, standby or down; down_reason says why it is down.
    """

    thing = "item"

    facility = of_facility("oxygen_sources")
    item = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=20)
    name = models.TextField(blank=True, default="")
    details: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10)
    down_reason = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "facilities_oxygen_source"
        constraints = [
            one_at_a_time("oxygen_source_one_at_a_time", "item"),
            models.CheckConstraint(
                name="oxygen_source_down_has_a_reason",
                condition=Q(state="down") & ~Q(down_reason="") | Q(state__in=["working", "standby"], down_reason=""),
            ),
        ]


class OxygenConsumption(models.Model):
    """What a facility used of one kind of source in one month, as delivered, and the same in Nm³ (exact).

    month: its first day. A correction replaces the figure; the history keeps the old one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = of_facility("oxygen_consumption")
    month = models.DateField()
    source_kind = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=10)
    normal_m3 = models.DecimalField(max_digits=22, decimal_places=8)

    class Meta:
        db_table = "facilities_oxygen_consumption"
        constraints = [
            models.UniqueConstraint(
                name="oxygen_consumption_once_a_month", fields=["facility", "month", "source_kind"]
            ),
            models.CheckConstraint(name="oxygen_consumption_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="oxygen_consumption_not_negative", condition=Q(quantity__gte=0)),
        ]
