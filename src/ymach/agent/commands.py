"""`ymach agent`: init, sign, send, status, receipts. Exit codes: 0 done, 1 fix the data, 2 wrong use, 3 try later."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import orjson

from ymach.agent import config as settings
from ymach.agent import words
from ymach.agent.config import Config, Identity
from ymach.agent.errors import DONE, LATER, REFUSED, KeysChanged, exit_code
from ymach.agent.files import Preparing, Unready, discover, read_file, sign_to
from ymach.agent.queue import Entry, Queue, State
from ymach.agent.receipts import Receipts
from ymach.agent.sending import Patience, Result, Sending
from ymach.agent.server import Answer, Server
from ymach.agent.show import Show, moment
from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.text import Text

EXPIRY_TO_TELL = timedelta(days=60)
PATHS = click.Path(exists=True, path_type=Path)


@dataclass(slots=True)
class Context:
    """What every command of one call shares."""

    home: Path
    show: Show

    def config(self) -> Config:
        return settings.load(self.home)

    def identity(self, config: Config) -> Identity:
        """The facility's key; asks for the password only when a person is there."""
        person = sys.stdin is not None and sys.stdin.isatty() and not self.show.as_json
        ask = self._ask if person else None
        return settings.open_identity(config.p12, settings.password(config, ask=ask))

    def receipts(self, config: Config) -> Receipts:
        return Receipts(config.receipts, config.facility, settings.pinned_keys(config))

    def queue(self) -> Queue:
        return Queue(self.home / "queue.sqlite3")

    def _ask(self) -> str:
        return str(click.prompt(words.PASSWORD.to(self.show.language), hide_input=True))


class Telling(click.Group):
    """Turns our errors into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except YmachError as error:
            shared = ctx.find_object(Context)
            (shared.show if shared else Show()).error(error)
            ctx.exit(exit_code(error))


pass_context = click.make_pass_decorator(Context)


@click.group("agent", cls=Telling)
@click.option("--home", envvar=settings.HOME_VARIABLE, help="Thư mục của công cụ / folder of the agent.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), envvar="YMACH_AGENT_LANGUAGE", default="vi")
@click.option("--json", "as_json", is_flag=True, help="Kết quả cho máy đọc / output for programs.")
@click.pass_context
def agent(ctx: click.Context, home: str | None, language: str, *, as_json: bool) -> None:
    """Công cụ của cơ sở: ký, gửi, giữ biên nhận. / The facility's tool: sign, send, keep receipts."""
    ctx.obj = Context(settings.home_folder(home), Show(language, as_json))


@agent.command()
@click.option("--server", required=True, help="Địa chỉ máy chủ / address of the server, https://…")
@click.option("--facility", required=True, help="Mã cơ sở / facility code.")
@click.option("--p12", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PKCS#12.")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--allow-http", is_flag=True, help="Chỉ để thử / for trials only.")
@click.option("--replace-keys", is_flag=True, help="Ghim lại khóa máy chủ / pin the server's keys again.")
@pass_context
def init(
    shared: Context,
    server: str,
    facility: str,
    p12: Path,
    password_file: Path | None,
    *,
    allow_http: bool,
    replace_keys: bool,
) -> None:
    """Thiết lập thư mục làm việc, ghim khóa máy chủ, kiểm tra đồng hồ. / Set up, pin the server's keys, check the clock."""
    config = Config(
        home=shared.home,
        server=settings.check_server(server, allow_http=allow_http),
        facility=facility.strip(),
        p12=p12.absolute(),
        password_file=password_file.absolute() if password_file else None,
        language=shared.show.language,
    )
    identity = shared.identity(config)
    with Server(config.server, config.facility) as remote:
        keys = remote.keys()
        _pin(config, keys, replace_keys=replace_keys)
        settings.write(config)
        _tell_clock(shared.show, remote)
    _tell_certificate(shared.show, identity)
    kids = [str(key.get("kid")) for key in keys["keys"]]
    shared.show.say(words.READY, folder=config.home, server=config.server, keys=", ".join(kids))
    shared.show.data({"home": str(config.home), "server": config.server, "facility": config.facility, "keys": kids})


def _pin(config: Config, keys: dict[str, Any], *, replace_keys: bool) -> None:
    """Keep the server's keys; other keys than the pinned ones need a person's word."""
    if config.keys_file.exists() and not replace_keys and settings.pinned_keys(config) != keys:
        raise KeysChanged
    config.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    config.keys_file.write_bytes(orjson.dumps(keys, option=orjson.OPT_INDENT_2))


def _tell_clock(show: Show, server: Server) -> None:
    if server.clock_is_off:
        seconds = round(server.skew.total_seconds())
        words_for = words.CLOCK_SLOW if seconds > 0 else words.CLOCK_FAST
        show.say(words_for, seconds=abs(seconds))


def _tell_certificate(show: Show, identity: Identity) -> None:
    ends = identity.certificate.not_after
    show.say(words.CERTIFICATE, name=identity.certificate.identity.common_name, ends=moment(ends))
    if ends - now() < EXPIRY_TO_TELL:
        show.say(words.CERTIFICATE_ENDS, days=max((ends - now()).days, 0))


@agent.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Nơi để tệp đã ký.")
@click.option("--signing-time", is_flag=True, help="Ghi thời điểm ký (XAdES) / state the signing time.")
@pass_context
def sign(shared: Context, paths: Sequence[Path], out: Path, *, signing_time: bool) -> None:
    """Ký các tệp XML vào một thư mục. / Sign XML files into a folder."""
    files = discover(paths)
    signer = shared.identity(shared.config()).signer()
    failed = 0
    with shared.show.progress() as bar:
        for path in bar.track(files, description=words.SIGNING.to(shared.show.language)):
            try:
                target = sign_to(path, out, signer, at=now() if signing_time else None)
                shared.show.data({"file": str(path), "signed": str(target)})
            except YmachError as refused:
                failed += 1
                shared.show.unready(Unready(path, refused.code, refused.text))
    shared.show.say(words.SIGNED, count=len(files) - failed, folder=out)
    click.get_current_context().exit(REFUSED if failed else DONE)


@agent.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--dry-run", is_flag=True, help="Chỉ hỏi máy chủ, không lưu gì / only ask, nothing is stored.")
@click.option("--no-sign", is_flag=True, help="Gửi tệp như đang có / send files as they are.")
@click.option("--again", is_flag=True, help="Gửi lại cả tệp đã bị trả lại / also what was sent back before.")
@click.option("--batch", type=click.IntRange(1, 200), default=1, show_default=True, help="Số hồ sơ một lần gửi.")
@click.option("--concurrency", type=click.IntRange(1, 16), default=2, show_default=True, help="Số đường gửi song song.")
@click.option("--patience", type=click.FloatRange(0), default=300.0, show_default=True, help="Chờ tối đa (giây).")
@pass_context
def send(
    shared: Context,
    paths: Sequence[Path],
    batch: int,
    concurrency: int,
    patience: float,
    *,
    dry_run: bool,
    no_sign: bool,
    again: bool,
) -> None:
    """Ký (nếu chưa ký), gửi, giữ biên nhận. Không nêu tệp: gửi tiếp hàng đang chờ. / Without files: send what waits."""
    config = shared.config()
    identity = shared.identity(config)
    files = discover(paths) if paths else []
    with shared.queue() as queue, Server(config.server, config.facility, identity) as server:
        preparing = Preparing(queue, config.signed, None if no_sign else identity.signer())
        if dry_run:
            states = _dry_run(shared.show, server, preparing, files)
        else:
            prepared = _prepare(shared.show, preparing, files) if paths else queue.unfinished()
            sending = Sending(
                queue, server, shared.receipts(config), config.signed, Patience(patience), concurrency, batch
            )
            states = _send(shared.show, sending, prepared, again=again)
        _tell_clock(shared.show, server)
    click.get_current_context().exit(_exit_of(states))


def _prepare(show: Show, preparing: Preparing, files: Sequence[Path]) -> list[Entry | Unready]:
    with show.progress() as bar:
        tracked = bar.track(files, description=words.SIGNING.to(show.language))
        prepared = [preparing.add(path, at=now()) for path in tracked]
    return list({_identity_of(one): one for one in prepared}.values())


def _identity_of(prepared: Entry | Unready) -> str:
    return prepared.source_digest if isinstance(prepared, Entry) else str(prepared.path)


def _send(show: Show, sending: Sending, prepared: Sequence[Entry | Unready], *, again: bool) -> list[State]:
    """Send what is left to send; the states of all files, those done before included."""
    unready = [one for one in prepared if isinstance(one, Unready)]
    for failed in unready:
        show.unready(failed)
    entries = [one for one in prepared if isinstance(one, Entry)]
    left = [one for one in entries if not one.state.is_final or (again and one.state is State.REJECTED)]
    done = [one for one in entries if one not in left]
    states = [State.FAILED for _ in unready] + [one.state for one in done]
    with show.progress() as bar:
        task = bar.add_task(words.SENDING.to(show.language), total=len(left))
        for result in sending.run(left):
            states.append(result.state)
            show.result(result)
            bar.advance(task)
    for one in done:
        show.result(Result(one, one.state, code=one.code, sentence=one.sentence or words.DONE_BEFORE))
    states += [State.WAITING] * (len(prepared) - len(states))
    show.say(words.SUMMARY, **_numbers(states))
    return states


def _dry_run(show: Show, server: Server, preparing: Preparing, files: Sequence[Path]) -> list[State]:
    """Ask the server what it would say. Nothing is stored, here or there."""
    states = []
    for path in files:
        try:
            content = read_file(path)
            ready = preparing.ready(content)
        except YmachError as refused:
            show.unready(Unready(path, refused.code, refused.text))
            states.append(State.FAILED)
            continue
        answer = server.submit(ready, dry_run=True)
        states.append(_would_be(answer))
        show.answer(path, sha256(ready).hexdigest(), states[-1], answer)
    show.say(words.DRY_RUN, **_numbers(states))
    return states


def _would_be(answer: Answer) -> State:
    if answer.later:
        return State.WAITING
    if answer.status >= 400:
        return State.REJECTED
    return State(answer.outcome) if answer.outcome in set(State) else State.FAILED


def _numbers(states: Sequence[State]) -> dict[str, object]:
    accepted = sum(state in {State.ACCEPTED, State.ACCEPTED_WITH_FINDINGS} for state in states)
    held, rejected = states.count(State.HELD), states.count(State.REJECTED)
    return {"accepted": accepted, "held": held, "rejected": rejected, "left": len(states) - accepted - held - rejected}


def _exit_of(states: Sequence[State]) -> int:
    if any(state in {State.REJECTED, State.FAILED} for state in states):
        return REFUSED
    return LATER if any(state in {State.WAITING, State.SENDING} for state in states) else DONE


@agent.command()
@click.argument("submission", required=False)
@click.option("--all", "everything", is_flag=True, help="Liệt kê mọi tệp / list every file.")
@pass_context
def status(shared: Context, submission: str | None, *, everything: bool) -> None:
    """Hàng gửi ở máy này; có số biên nhận thì hỏi máy chủ các nơi nhận. / The queue here, or one submission there."""
    config = shared.config()
    if submission:
        with Server(config.server, config.facility, shared.identity(config)) as server:
            _show_submission(shared.show, server.submission(submission))
        return
    with shared.queue() as queue:
        entries = queue.all() if everything else [one for one in queue.all() if _needs_somebody(one)]
        shared.show.queue(queue.counts(), entries)


def _needs_somebody(entry: Entry) -> bool:
    return not entry.state.is_final or entry.state is State.REJECTED


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


@agent.command()
@click.option("--verify", is_flag=True, help="Kiểm tra mọi biên nhận, không cần mạng / verify offline.")
@click.option("--show", "number", help="Xem một biên nhận / show one.")
@click.option("--export", "target", type=click.Path(dir_okay=False, path_type=Path), help="Xuất ra tệp ZIP.")
@pass_context
def receipts(shared: Context, number: str | None, target: Path | None, *, verify: bool) -> None:
    """Biên nhận đang giữ. / The receipts kept here."""
    kept = shared.receipts(shared.config())
    if number:
        claims = kept.check(kept.token(number))
        click.echo(orjson.dumps(claims, option=orjson.OPT_INDENT_2).decode())
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
