"""`ymach bench lookup`: how long the list of a person's records takes over HTTP, with decision and journal, over a full store."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from uuid import UUID

import click
import orjson
import psycopg

from ymach.base import sealing
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import now, vietnam_day
from ymach.base.embedded import OWNER, cluster
from ymach.cli.bench.asking import WARM_UP_SECONDS, Question, ask_all, line_of
from ymach.cli.bench.cpu import tree_seconds
from ymach.cli.bench.ground import PREPARED, Ground, free_port, prepare, schema, tell
from ymach.cli.bench.load import Tokens
from ymach.config import Environment
from ymach.exchange.reading.handles import handle_of

READERS, PEOPLE = 8, 4000
SUMMARY_SHARE = 0.25
"""Of the questions; the others ask for the list of records."""


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody who is read, by whom (a facility's code), and how many records they have in all."""

    citizen_id: UUID
    reader: str
    records: int


@click.command()
@click.option("--records", default=1_000_000, show_default=True, help="Records in the store.")
@click.option("--seconds", default=30, show_default=True, help="How long it is asked.")
@click.option(
    "--rate", default=100.0, show_default=True, help="Questions a second, whether the server keeps up or not."
)
@click.option("--seed", default=1, show_default=True, help="Which patients.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def lookup(records: int, seconds: int, rate: float, seed: int, as_json: bool) -> None:
    """Read persons' records and summaries at a steady rate, each decided by consent, referral or own record, each in the
    journal. An answer without a basis counts as `wrong`; `cpu_ms`: of the site's processes for each reading."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    with store_site(records) as here:
        tokens = Tokens(here.url, here.var)
        asked = _questions(_patients(here, rng), tokens, int((seconds + WARM_UP_SECONDS) * rate), rng)
        ask_all(here.url, asked[: int(WARM_UP_SECONDS * rate)], per_s=rate)
        measured = asked[int(WARM_UP_SECONDS * rate) :]
        tell(f"reading {len(measured)} times, {rate:g} a second …")
        server = here.processes[-1].pid
        before, used, started = _events(here), tree_seconds(server), time.monotonic()
        answers = ask_all(here.url, measured, per_s=rate)
        elapsed, used = time.monotonic() - started, tree_seconds(server) - used
        written = _events(here) - before
    wrong = sum(answer.status == 200 and not answer.is_right for answer in answers)
    cpu = round(used * 1000 / max(len(answers), 1), 2)
    line = {**line_of("lookup", answers, elapsed), "wrong": wrong, "journal": written, "cpu_ms": cpu, "rows": records}
    click.echo(orjson.dumps(line))


@contextlib.contextmanager
def store_site(records: int) -> Iterator[Ground]:
    """A running site over a copy of a store of so many records, made once."""
    var = (Environment().var / "bench").resolve()
    var.mkdir(parents=True, exist_ok=True)
    here = Ground(var, cluster(Environment(var=var)), f"bench_run_{os.getpid()}", free_port())
    here.cluster.start()
    try:
        here.cluster.make_database(here.database, template=_store(here, records))
        # The copy is written out first: a server that has run for a while has no whole store to write behind its readers.
        here.cluster.sql("CHECKPOINT")
        here.run("synth", "dossiers", "--count", "1", "--out", str(var / "greeting"))
        here.serve()
        yield here
    finally:
        here.stop()


def _store(here: Ground, records: int) -> str:
    """The database with so many records, and with the certificates of the facilities that read; made if it is not there."""
    name = f"bench_records_{records}_{schema()}"
    if here.cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip():  # noqa: S608 - our own names
        return name
    bare, building = f"{PREPARED}_2000_200_{schema()}", f"{name}_building"
    prepare(here, bare, 2_000, 200)
    tell(f"storing {records} records, once …")
    here.cluster.drop_database(building)
    here.cluster.make_database(building, template=bare)
    signed = here.var / f"readers-{schema()}"
    here.run("synth", "dossiers", "--count", "40", "--out", str(signed), database=building)
    lines = (signed / "expected.jsonl").read_bytes().splitlines()
    readers = list(dict.fromkeys(orjson.loads(line)["facility"] for line in lines))[:READERS]
    codes = ", ".join(f"'{code}'" for code in readers)
    text = files("ymach.cli.bench").joinpath("data", "records.sql").read_text(encoding="utf-8")
    statements = Template(text).substitute(records=records, reader_count=len(readers), readers=f"ARRAY[{codes}]")
    with psycopg.connect(here.cluster.url(OWNER, building)) as link:
        link.execute(statements.encode())
    here.cluster.sql("VACUUM ANALYZE", database=building)
    here.cluster.sql(f"ALTER DATABASE {building} RENAME TO {name}")
    return name


def _patients(here: Ground, rng: random.Random) -> list[Patient]:
    rows = here.cluster.sql(
        f"SELECT citizen_id, code, records FROM bench_reading ORDER BY md5(citizen_id::text) LIMIT {PEOPLE}",  # noqa: S608
        database=here.database,
    )
    found = [Patient(UUID(key), code, int(count)) for key, code, count in (row.split("|") for row in rows.split())]
    rng.shuffle(found)
    return found


def _questions(who: Sequence[Patient], tokens: Tokens, count: int, rng: random.Random) -> list[Question]:
    """Handles are made here, as a look-up gives them: the bound on look-ups is for people and is not what is measured."""
    at = now()
    sealing.configure(tokens.var / "secrets" / "data-keys", made_on=vietnam_day(at))
    headers = {one.reader: {"Authorization": f"Bearer {tokens.of(one.reader)}"} for one in who}
    found = []
    for _ in range(count):
        patient = rng.choice(who)
        handle = handle_of(patient.citizen_id, by=Actor(ActorKind.MACHINE, patient.reader, ""), at=at)
        part = "summary" if rng.random() < SUMMARY_SHARE else "records"
        found.append(Question(f"/api/v1/patients/{handle}/{part}", _has_a_basis, headers[patient.reader]))
    return found


def _has_a_basis(body: bytes) -> bool:
    return bool(orjson.loads(body).get("basis"))


def _events(here: Ground) -> int:
    """Readings in the journal so far."""
    return int(
        here.cluster.sql("SELECT count(*) FROM audit_event WHERE action = 'patient:read'", database=here.database)
    )
