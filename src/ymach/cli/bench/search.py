"""`ymach bench search`: how long the public search takes as people type, over a whole country of practitioners."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from urllib.parse import urlencode

import click
import orjson

from ymach.base.vietnamese import fold
from ymach.cli.bench.asking import WARM_UP_SECONDS, Person, Question, ask_all, line_of, people, registry_site
from ymach.cli.bench.ground import tell

PEOPLE = 800
KINDS = ("marks", "plain", "typing", "given", "typo", "number", "slip")
WEIGHTS = (25, 25, 20, 10, 8, 8, 4)


@click.command()
@click.option("--practitioners", default=850_000, show_default=True)
@click.option("--facilities", default=70_000, show_default=True)
@click.option("--seconds", default=30, show_default=True, help="How long it is asked.")
@click.option("--rate", default=50.0, show_default=True, help="Questions a second, whether the server keeps up or not.")
@click.option("--seed", default=1, show_default=True, help="Which questions.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def search(practitioners: int, facilities: int, seconds: int, rate: float, seed: int, as_json: bool) -> None:
    """Names with and without marks, half typed, misspelt, and numbers, at a steady rate.

    `found_first`: the share of whole names and numbers whose first hit is one of that name or number.
    """
    rng = random.Random(seed)  # noqa: S311 - not a secret
    with registry_site(practitioners, facilities) as here:
        asked = questions(people(here, PEOPLE, rng), int((seconds + WARM_UP_SECONDS) * rate), rng)
        ask_all(here.url, [one for _, one in asked[: int(WARM_UP_SECONDS * rate)]], per_s=rate)
        measured = asked[int(WARM_UP_SECONDS * rate) :]
        tell(f"asking {len(measured)} questions, {rate:g} a second …")
        started = time.monotonic()
        answers = ask_all(here.url, [one for _, one in measured], per_s=rate)
        elapsed = time.monotonic() - started
    line = line_of("search", answers, elapsed)
    right = sum(answer.is_right for answer in answers)
    click.echo(orjson.dumps({**line, "found_first": round(right / max(len(answers), 1), 4), "rows": practitioners}))


def questions(who: list[Person], count: int, rng: random.Random) -> list[tuple[str, Question]]:
    """`count` questions of all kinds about these people, each with its kind."""
    return [_question(rng.choices(KINDS, WEIGHTS)[0], rng.choice(who), rng) for _ in range(count)]


def _question(kind: str, person: Person, rng: random.Random) -> tuple[str, Question]:
    words = person.folded.split(" ")
    text = {
        "marks": person.name,
        "plain": person.folded,
        "typing": person.folded[: rng.randint(2, max(len(person.folded) - 1, 2))].strip(),
        "given": " ".join(words[-2:]),
        "typo": _with_slip(person.folded, rng),
        "number": person.number,
        "slip": person.number.replace(person.number[3], "7" if person.number[3] != "7" else "1", 1),
    }[kind]
    name = "number" if kind in {"number", "slip"} else "name"
    return kind, Question(f"/api/v1/licences?{urlencode({name: text})}", _expectation(kind, person))


def _expectation(kind: str, person: Person) -> Callable[[bytes], bool]:
    def is_right(body: bytes) -> bool:
        answer = orjson.loads(body)
        hits = answer["licences"] or answer["near"]
        if kind in {"typing", "given", "typo", "slip"}:
            return bool(hits) or bool(answer["more"])
        if kind == "number":
            return bool(hits) and hits[0]["number"] == person.number
        return bool(hits) and fold(hits[0]["name"]) == person.folded

    return is_right


def _with_slip(folded: str, rng: random.Random) -> str:
    words = folded.split(" ")
    place = rng.randrange(len(words))
    word = words[place]
    at = rng.randrange(len(word))
    slips = (word[:at] + word[at + 1 :], word[:at] + rng.choice("aeiounhgt") + word[at + 1 :])
    words[place] = rng.choice(slips) or word
    return " ".join(words)
