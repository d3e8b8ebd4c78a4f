"""`ymach agent reconcile`: at the day's end, our receipts against what the server received."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime

import click

from ymach.agent import words
from ymach.agent.commands.shared import Context, pass_context
from ymach.agent.errors import DONE, REFUSED
from ymach.agent.keys import moment
from ymach.agent.locks import alone
from ymach.agent.queue import Entry
from ymach.agent.reconcile import Difference
from ymach.agent.server import Server
from ymach.agent.show import Show
from ymach.base.clock import now, print_day, vietnam_day


@click.command()
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Ngày cần đối soát, mặc định hôm nay / which day."
)
@click.option("--send-missing", is_flag=True, help="Xếp lại hồ sơ máy chủ không thấy / queue what is missing there.")
@pass_context
def reconcile(shared: Context, day: datetime | None, *, send_missing: bool) -> None:
    """Đối soát một ngày với máy chủ. / Compare a day with the server, receipt by receipt."""
    config = shared.config()
    wanted = day.date() if day else vietnam_day(now())
    with (
        alone(config.home) if send_missing else nullcontext(),
        shared.queue() as queue,
        Server(config.server, config.facility, shared.identity(config)) as server,
    ):
        reconciling = shared.reconciling(queue, server)
        found = reconciling.compare(wanted)
        queued, gone = reconciling.send_again(found, at=now()) if send_missing else ([], [])
    shared.show.data({**found.as_json(), "queued": len(queued), "gone": len(gone)})
    tell(shared.show, found, queued, gone, may_ask=not send_missing)
    click.get_current_context().exit(DONE if found.agrees else REFUSED)


def tell(
    show: Show, found: Difference, queued: Sequence[Entry], gone: Sequence[Entry] = (), *, may_ask: bool = False
) -> None:
    """The exact difference, and what to do about it. may_ask: `--send-missing` was not given."""
    show.say(
        words.DAY_AGREES if found.agrees else words.DAY_DIFFERS,
        day=print_day(found.day),
        ours=found.ours,
        matched=found.matched,
    )
    _tell_difference(show, found)
    if queued:
        show.say(words.DAY_SENT_AGAIN, count=len(queued))
    if gone:
        show.say(words.DAY_GONE, count=len(gone))
    if may_ask and (found.missing or any(one.entry for one in found.extra)):
        show.say(words.DAY_DO)
    elif any(one.entry is None for one in found.extra):
        show.say(words.DAY_DO_ELSEWHERE)


def _tell_difference(show: Show, found: Difference) -> None:
    for entry in found.missing:
        show.say(words.DAY_MISSING, file=entry.path.name, number=entry.submission)
    for one in found.extra:
        values = {
            "file": one.entry.path.name if one.entry else None,
            "number": one.submission,
            "at": _clock(one.received_at),
        }
        show.say(words.DAY_EXTRA_OURS if one.entry else words.DAY_EXTRA, **values)
    for pair in found.different:
        show.say(words.DAY_DIFFERENT, what=", ".join(f"{name} {value}" for name, value in pair.items()))


def _clock(told: str | None) -> str:
    """The moment a server told, as people here write it; what is none as it was told."""
    try:
        return moment(datetime.fromisoformat(told or ""))
    except ValueError:
        return told or "?"
