"""`ymach agent sign` and `send`: sign files, queue them, send them, keep the receipts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import click
from rich.progress import Progress, TaskID

from ymach.agent import words
from ymach.agent.commands.shared import PATHS, Context, pass_context
from ymach.agent.commands.signals import asked_to_stop
from ymach.agent.config import Config
from ymach.agent.errors import DONE, LATER, REFUSED, NothingToDo
from ymach.agent.files import Preparing, Unready, discover, read_file, sign_to
from ymach.agent.keys import Identity
from ymach.agent.locks import alone
from ymach.agent.queue import CURRENT, HISTORY, Entry, Queue, State
from ymach.agent.sending import Patience, Result, Sending
from ymach.agent.server import Answer, Server
from ymach.base.clock import now
from ymach.base.errors import YmachError

STANDARD_INPUT = "-"
MIB = 1024 * 1024


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Nơi để tệp đã ký.")
@click.option("--signing-time", is_flag=True, help="Ghi thời điểm ký (XAdES) / state the signing time.")
@pass_context
def sign(shared: Context, paths: Sequence[Path], out: Path, *, signing_time: bool) -> None:
    """Ký các tệp XML vào một thư mục. / Sign XML files into a folder."""
    files = discover(paths)
    config = shared.config()
    signer = shared.identity(config).signer()
    with Server(config.server, config.facility) as server:
        shared.learn_clock(server)
    shared.clock().check_before_signing()
    failed = 0
    with shared.show.progress() as bar:
        for path in bar.track(files, description=words.SIGNING.to(shared.show.language)):
            try:
                target = sign_to(path, out, signer, at=now() if signing_time else None)
                shared.show.data({"file": str(path), "signed": str(target)})
            except YmachError as refused:
                if not refused.permanent:
                    raise
                failed += 1
                shared.show.unready(Unready(path, refused.code, refused.text))
    shared.show.say(words.SIGNED, count=len(files) - failed, folder=out)
    click.get_current_context().exit(REFUSED if failed else DONE)


@dataclass(frozen=True, slots=True)
class Given:
    """What `send` was asked to do."""

    files: Sequence[Path]
    stdin: bool
    no_sign: bool
    again: bool
    history: bool

    @property
    def nothing(self) -> bool:
        return not self.files and not self.stdin


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ hỏi máy chủ, không lưu gì / only ask, nothing is stored.")
@click.option("--no-sign", is_flag=True, help="Gửi tệp như đang có / send files as they are.")
@click.option("--again", is_flag=True, help="Gửi lại cả tệp đã bị trả lại / also what was sent back before.")
@click.option("--history", is_flag=True, help="Hồ sơ cũ, gửi trong giờ máy chủ cho phép / old visits, in their hours.")
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
    history: bool,
) -> None:
    """Ký (nếu chưa ký), gửi, giữ biên nhận; “-” là đọc từ đầu vào chuẩn. Không nêu tệp: gửi tiếp hàng đang chờ.
    / “-” reads standard input; without files: send what waits."""
    config = shared.config()
    places = [path for path in paths if str(path) != STANDARD_INPUT]
    given = Given(discover(places) if places else (), len(places) < len(paths), no_sign, again, history)
    identity = shared.identity(config)
    with alone(config.home), shared.queue() as queue, Server(config.server, config.facility, identity) as server:
        if not shared.learn_clock(server):
            shared.show.say(words.AWAY_BUT_QUEUED)
        preparing = _preparing(shared, queue, None if no_sign else identity, history=history)
        if dry_run:
            states = _dry_run(shared, server, preparing, given)
        else:
            prepared = queue.unfinished() if given.nothing else _prepare(shared, preparing, given)
            waiting = Patience(patience)
            sending = sending_of(shared, config, queue, server, waiting)
            waiting.sleep = lambda seconds: sending.stop.wait(seconds)
            sending.batch, sending.concurrency = batch, concurrency
            with asked_to_stop() as sending.stop:
                states = _send(shared, sending, prepared, again=again)
    click.get_current_context().exit(_exit_of(states))


def sending_of(shared: Context, config: Config, queue: Queue, server: Server, patience: Patience) -> Sending:
    """One run of sending, as the folder is configured."""
    return Sending(
        queue,
        server,
        shared.receipts(config),
        shared.uploads(server),
        patience,
        upload_above=config.upload_above_mb * MIB,
    )


def _preparing(shared: Context, queue: Queue, identity: Identity | None, *, history: bool) -> Preparing:
    signer = identity.signer() if identity else None
    lane = HISTORY if history else CURRENT
    return Preparing(queue, signer, lane, before_signing=shared.clock().check_before_signing)


def _contents(given: Given) -> list[tuple[Path, bytes | None]]:
    """Each thing to send with its content, where that cannot be read again from the path."""
    from_stdin = [(Path("stdin"), _standard_input())] if given.stdin else []
    return [*from_stdin, *((path, None) for path in given.files)]


def _standard_input() -> bytes:
    """All of standard input, as bytes: no code page and no line end is touched. Raises NothingToDo when empty."""
    content = sys.stdin.buffer.read()
    if not content:
        raise NothingToDo(where="stdin")
    return content


def _prepare(shared: Context, preparing: Preparing, given: Given) -> list[Entry | Unready]:
    with shared.show.progress() as bar:
        tracked = bar.track(_contents(given), description=words.SIGNING.to(shared.show.language))
        prepared = [_prepared(preparing, path, content) for path, content in tracked]
    return list({_identity_of(one): one for one in prepared}.values())


def _prepared(preparing: Preparing, path: Path, content: bytes | None) -> Entry | Unready:
    if content is None:
        return preparing.add(path, at=now())
    try:
        return preparing.add_content(content, path, at=now())
    except YmachError as refused:
        if refused.status != 422:
            raise
        return Unready(path, refused.code, refused.text)


def _identity_of(prepared: Entry | Unready) -> str:
    return prepared.source_digest if isinstance(prepared, Entry) else str(prepared.path)


def _send(shared: Context, sending: Sending, prepared: Sequence[Entry | Unready], *, again: bool) -> list[State]:
    """Send what is left to send; the states of all files, those done before included."""
    show = shared.show
    unready = [one for one in prepared if isinstance(one, Unready)]
    for failed in unready:
        show.unready(failed)
    entries = [one for one in prepared if isinstance(one, Entry)]
    left = [one for one in entries if not one.state.is_final or (again and one.state is State.REJECTED)]
    done = [one for one in entries if one not in left]
    states = [State.FAILED for _ in unready] + [one.state for one in done]
    with show.progress() as bar:
        task = bar.add_task(words.SENDING.to(show.language), total=len(left))
        sending.uploads.told = partial(_tell_pieces, bar, task, show.language)
        for result in sending.run(left):
            states.append(result.state)
            show.result(result)
            bar.advance(task)
    for one in done:
        show.result(Result(one, one.state, code=one.code, sentence=one.sentence or words.DONE_BEFORE))
    states += [State.WAITING] * (len(prepared) - len(states))
    show.say(words.SUMMARY, **_numbers(states))
    _say_what_to_do(shared, states)
    return states


def _tell_pieces(bar: Progress, task: TaskID, language: str, done: int, total: int) -> None:
    """How far a large file came, in the place where the bar names what it does."""
    what = words.PIECES.format(done=done, total=total) if done < total else words.SENDING
    bar.update(task, description=what.to(language))


def _say_what_to_do(shared: Context, states: Sequence[State]) -> None:
    """The last words: what is left to do for the person who reads them, or that they may go home."""
    waiting = states.count(State.WAITING) + states.count(State.SENDING)
    lines = [
        (words.HELD_THERE, states.count(State.HELD)),
        (words.DO_FIX, states.count(State.REJECTED)),
        (words.DO_LOOK, states.count(State.FAILED)),
        (words.DO_WAIT, waiting),
    ]
    for text, count in lines:
        if count:
            shared.show.say(text, count=count)
    if not any(count for text, count in lines if text is not words.HELD_THERE):
        shared.show.say(words.ALL_DONE)


def _dry_run(shared: Context, server: Server, preparing: Preparing, given: Given) -> list[State]:
    """Ask the server what it would say. Nothing is stored, here or there."""
    states = []
    for path, content in _contents(given):
        try:
            ready = preparing.ready(read_file(path) if content is None else content)
        except YmachError as refused:
            if refused.status != 422:
                raise
            shared.show.unready(Unready(path, refused.code, refused.text))
            states.append(State.FAILED)
            continue
        answer = server.submit(ready, dry_run=True)
        states.append(_would_be(answer))
        shared.show.answer(path, sha256(ready).hexdigest(), states[-1], answer)
    shared.show.say(words.DRY_RUN, **_numbers(states))
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
