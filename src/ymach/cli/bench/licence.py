"""`ymach bench licence`: how long a check by number takes over HTTP, over a whole country of practitioners."""

from __future__ import annotations

import random
import time
from urllib.parse import urlencode

import click
import orjson

from ymach.cli.bench.asking import WARM_UP_SECONDS, Person, Question, ask_all, line_of, people, registry_site
from ymach.cli.bench.ground import tell

PEOPLE = 3000


@click.command()
@click.option("--practitioners", default=850_000, show_default=True)
@click.option("--facilities", default=70_000, show_default=True)
@click.option("--seconds", default=30, show_default=True, help="How long it is asked.")
@click.option(
    "--rate", default=200.0, show_default=True, help="Questions a second, whether the server keeps up or not."
)
@click.option("--seed", default=1, show_default=True, help="Which licences.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def licence(practitioners: int, facilities: int, seconds: int, rate: float, seed: int, as_json: bool) -> None:
    """Check licences by number at a steady rate; an answer about another licence counts as `wrong`."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    with registry_site(practitioners, facilities) as here:
        who = people(here, PEOPLE, rng)
        asked = [_question(rng.choice(who)) for _ in range(int((seconds + WARM_UP_SECONDS) * rate))]
        warm, measured = asked[: int(WARM_UP_SECONDS * rate)], asked[int(WARM_UP_SECONDS * rate) :]
        ask_all(here.url, warm, per_s=rate)
        tell(f"checking {len(measured)} licences, {rate:g} a second …")
        started = time.monotonic()
        answers = ask_all(here.url, measured, per_s=rate)
        elapsed = time.monotonic() - started
    wrong = sum(answer.status == 200 and not answer.is_right for answer in answers)
    click.echo(orjson.dumps({**line_of("licence", answers, elapsed), "wrong": wrong, "rows": practitioners}))


def _question(person: Person) -> Question:
    def is_right(body: bytes) -> bool:
        found = orjson.loads(body)["licences"]
        return len(found) == 1 and found[0]["number"] == person.number

    return Question(f"/api/v1/licences?{urlencode({'number': person.number})}", is_right)
