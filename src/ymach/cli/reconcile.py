"""The day's close for many facilities, and a partner's list against our deliveries."""

from __future__ import annotations

import sys
from collections import Counter as Tally
from datetime import date, datetime
from pathlib import Path

import click
import orjson

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.clock import now, vietnam_day
from ymach.exchange.reconciliation import actions, queries
from ymach.exchange.reconciliation.partner_rules import Sort, read_lines
from ymach.exchange.reconciliation.queries import AGREES, DIFFERS, NOT_COMPARED, DayOfFacility
from ymach.facilities.models import Facility

SHOWN = 50
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--day", type=_DAY, help="The day in Viet Nam. Default: yesterday.")
@click.option("--until", type=_DAY, help="With --insurance: the last day, if it is another.")
@click.option("--province", default="", help="Only facilities of this province (its code).")
@click.option("--insurance", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The insurer's CSV.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def reconcile(
    day: datetime | None, until: datetime | None, province: str, insurance: Path | None, as_json: bool
) -> None:
    """Which facilities sent how much on a day, which compared it, which differ; or the insurer's list against deliveries.

    Exit code 1 when something differs.
    """
    today = vietnam_day(now())
    first = day.date() if day else date.fromordinal(today.toordinal() - 1)
    if insurance is None:
        _days(first, province, as_json)
    else:
        _partner(insurance, first, until.date() if until else first, province, as_json)


def _days(day: date, province: str, as_json: bool) -> None:
    found = queries.facilities_on(_looking(province), day)
    states = Tally(one.state for one in found)
    line = {
        "day": day,
        "facilities": len(found),
        "files": sum(one.held for one in found),
        "agree": states[AGREES],
        "differ": states[DIFFERS],
        "not_compared": states[NOT_COMPARED],
    }
    if as_json:
        click.echo(orjson.dumps(line))
    else:
        click.echo(", ".join(f"{name} {value}" for name, value in line.items()))
        _show([one for one in found if one.state == DIFFERS])
    sys.exit(1 if states[DIFFERS] else 0)


def _show(differing: list[DayOfFacility]) -> None:
    codes = dict(Facility.objects.filter(id__in=[one.facility_id for one in differing]).values_list("id", "code"))
    for one in differing[:SHOWN]:
        last = one.last
        if last is not None:
            told = f"missing {last.missing}, extra {last.extra}, different {last.different}"
            click.echo(f"  {codes.get(one.facility_id, one.facility_id)}: {told}")


def _partner(file: Path, first: date, last: date, province: str, as_json: bool) -> None:
    whose = queries.whose_province(province) if province else queries.Whose()
    lines = read_lines(file.read_bytes())
    kept, found = actions.compare_partner(lines, whose=whose, first=first, last=last, by=command("reconcile"), at=now())
    line = {"id": str(kept.id), "lines": found.lines, "compared": found.compared, "agreed": found.agreed}
    line |= {sort.value: found.count(sort) for sort in Sort}
    if as_json:
        click.echo(orjson.dumps(line))
    else:
        click.echo(", ".join(f"{name} {value}" for name, value in line.items()))
        for one in found.differences[:SHOWN]:
            click.echo(f"  {one.sort.value} {one.facility} {one.code}: {one.theirs or '-'} / {one.ours or '-'}")
    sys.exit(1 if found.differences else 0)


def _looking(province: str) -> Actor:
    """The operator, who counts the country or one province."""
    words = frozenset({Permission.COUNTER_SEE.value})
    grant = Grant("operator", words, province_code=province or None)
    return Actor(ActorKind.COMMAND, "reconcile", "ymach reconcile", (grant,))
