"""`ymach agent status` and `receipts`: what stands where, and the proofs kept here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from ymach.agent import heartbeat, keys, words
from ymach.agent.commands.shared import Context, pass_context
from ymach.agent.config import Config
from ymach.agent.errors import DONE, REFUSED, ClockTurnedBack
from ymach.agent.locks import is_taken
from ymach.agent.queue import Entry, State
from ymach.agent.receipts import Receipts
from ymach.agent.server import Server
from ymach.agent.show import Show, moment
from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.trust.certificates import Certificate, load


@click.command()
@click.argument("submission", required=False)
@click.option("--all", "everything", is_flag=True, help="Liệt kê mọi tệp / list every file.")
@pass_context
def status(shared: Context, submission: str | None, *, everything: bool) -> None:
    """Hàng gửi, chứng thư, đồng hồ ở máy này; có số biên nhận thì hỏi máy chủ. / The queue here, or one submission there."""
    config = shared.config()
    if submission:
        with Server(config.server, config.facility, shared.identity(config)) as server:
            _show_submission(shared.show, server.submission(submission))
        return
    more = {**_tell_service(shared), **_tell_certificate(shared, config), **_tell_clock(shared)}
    with shared.queue() as queue:
        entries = queue.all() if everything else [one for one in queue.all() if _needs_somebody(one)]
        shared.show.queue(queue.counts(), entries, more)


def _needs_somebody(entry: Entry) -> bool:
    return not entry.state.is_final or entry.state is State.REJECTED


def _tell_service(shared: Context) -> dict[str, Any]:
    beat = heartbeat.read(shared.home)
    if beat is None:
        return {"service": None}
    at, silent = moment(beat.at), beat.silent(at=now())
    if beat.doing != "stopped" and not is_taken(shared.home):
        shared.show.say(words.SERVICE_DIED, at=at)
        return {"service": {**beat.as_json(), "doing": "died", "silent": True}}
    if beat.doing == "stopped":
        shared.show.say(words.SERVICE_STOPPED, at=at)
    else:
        shared.show.say(words.SERVICE_SILENT if silent else words.SERVICE_RUNS, at=at, trouble=beat.trouble)
    return {"service": {**beat.as_json(), "silent": silent}}


def _tell_certificate(shared: Context, config: Config) -> dict[str, Any]:
    """The end of the certificate, known without its password."""
    certificate = _certificate(config)
    if certificate is None:
        return {"certificate": None}
    name, ends = certificate.identity.common_name, moment(certificate.not_after)
    days = keys.days_left(certificate, at=now())
    shared.show.say(words.CERTIFICATE, name=name, ends=ends)
    if days is not None:
        ended = certificate.not_after < now()
        shared.show.say(words.CERTIFICATE_ENDED if ended else words.CERTIFICATE_ENDS, days=max(days, 0))
    told = {"name": name, "ends": certificate.not_after.isoformat(), "days": days}
    return {"certificate": told}


def _certificate(config: Config) -> Certificate | None:
    try:
        return load(config.certificate_file.read_bytes())
    except (OSError, YmachError):
        return None  # an agent set up anew keeps it with the next command that opens the key


def _tell_clock(shared: Context) -> dict[str, Any]:
    clock = shared.clock()
    try:
        offset = clock.offset()
    except ClockTurnedBack as back:
        shared.show.say(back.text)
        return {"clock": {"code": back.code}}
    if offset.known == "unknown":
        shared.show.say(words.CLOCK_UNKNOWN)
    elif offset.to_tell:
        shared.say_offset(offset)
    return {"clock": {"seconds": offset.ahead.total_seconds(), "known": offset.known}}


def _show_submission(show: Show, found: dict[str, Any]) -> None:
    show.data(found)
    if found["status"] >= 400:
        show.say(Text("{vi}", "{en}"), vi=found.get("detail"), en=found.get("detail_en") or found.get("detail"))
        click.get_current_context().exit(REFUSED)
    show.say(words.OUTCOME, number=found.get("id"), outcome=_outcome(found.get("outcome"), show.language))
    for one in found.get("deliveries") or ():
        show.say(words.DELIVERY, where=one.get("destination"), state=one.get("state"), at=one.get("at"))


def _outcome(value: object, language: str) -> str:
    return State(str(value)).text.to(language) if value in set(State) else str(value)


@click.command()
@click.option("--verify", is_flag=True, help="Kiểm tra mọi biên nhận, không cần mạng / verify offline.")
@click.option("--show", "number", help="Xem một biên nhận / show one.")
@click.option("--export", "target", type=click.Path(dir_okay=False, path_type=Path), help="Xuất ra tệp ZIP.")
@pass_context
def receipts(shared: Context, number: str | None, target: Path | None, *, verify: bool) -> None:
    """Biên nhận đang giữ. / The receipts kept here."""
    kept = shared.receipts(shared.config())
    if number:
        claims = kept.check(kept.token(number))
        click.echo(orjson.dumps(claims, option=orjson.OPT_INDENT_2) + b"\n", nl=False)
    elif target:
        shared.show.say(words.EXPORTED, count=kept.export(target), file=target)
    elif verify:
        _verify_all(shared.show, kept)
    else:
        for one in kept.numbers():
            shared.show.data({"receipt": one})
            shared.show.say(Text("{number}", "{number}"), number=one)


def _verify_all(show: Show, kept: Receipts) -> None:
    wrong = 0
    numbers = kept.numbers()
    for one in numbers:
        try:
            claims = kept.check(kept.token(one))
            show.data({"receipt": one, "good": True, "outcome": claims.get("outcome")})
        except YmachError as refused:
            wrong += 1
            show.data({"receipt": one, "good": False, "code": refused.code})
            show.say(Text("{number}: " + refused.text.vi, "{number}: " + refused.text.en), number=one)
    show.say(words.VERIFIED, good=len(numbers) - wrong, wrong=wrong)
    click.get_current_context().exit(REFUSED if wrong else DONE)
