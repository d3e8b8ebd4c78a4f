"""`ymach bench match`: how many identities of one person are found, how many of two people are taken for one, and how long
it takes to say who one person may be. On an invented country whose truth is known to the measurement alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from ymach.base.clock import now, vietnam_day
from ymach.base.embedded import cluster
from ymach.cli.bench.ground import Ground, free_port, tell
from ymach.config import Environment

ESTIMATED_ON = 150_000
ESTIMATED_SEED = 20261


@click.command()
@click.option("--people", default=915_000, show_default=True, help="Who live in the country; 1.09 identities each.")
@click.option("--seed", default=1, show_default=True, help="Which country; never the one the weights come from.")
@click.option("--asked", default=5000, show_default=True, help="How many are identified one by one.")
@click.option("--estimate", type=click.Path(path_type=Path), help="Estimate the weights anew into this file instead.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def match(people: int, seed: int, asked: int, estimate: Path | None, as_json: bool) -> None:
    """Link, ask about and leave apart a whole country, and compare with the truth.

    `auto_precision`: of what is linked automatically, so much is right; `auto_recall`: of all pairs that are one person, so
    many are linked; `recall`: with those a person is asked about; `worklist_share`: pairs to ask about per identity.
    """
    if estimate is not None:
        _estimate(estimate)
        return
    if seed == ESTIMATED_SEED:
        raise click.BadParameter("the weights were estimated on this country", param_hint="--seed")
    here = _ground()
    here.cluster.start()
    try:
        here.cluster.make_database(here.database)
        here.run("migrate")
        here.run("load-reference")
        command = [sys.executable, "-m", "ymach.cli.bench.match_inside", str(people), str(seed), str(asked)]
        done = subprocess.run(command, env=_settings(here), stdout=subprocess.PIPE, check=True)  # noqa: S603
        click.echo(done.stdout.strip())
    finally:
        here.stop()


def _ground() -> Ground:
    var = (Environment().var / "bench").resolve()
    var.mkdir(parents=True, exist_ok=True)
    here = Ground(var, cluster(Environment(var=var)), "", free_port())
    here.database = f"bench_match_{here.port}"
    return here


def _settings(here: Ground) -> dict[str, str]:
    return {**here.environment(), "DJANGO_SETTINGS_MODULE": "ymach.settings"}


def _estimate(path: Path) -> None:
    from ymach.synth.identities.weighing import as_toml, estimated

    tell(f"estimating on {ESTIMATED_ON} people …")
    found = estimated(ESTIMATED_ON, seed=ESTIMATED_SEED)
    path.write_text(as_toml(f"{vietnam_day(now())}", _HOW, *found), encoding="utf-8")


_HOW = f"""Weights of evidence for comparing identities (Fellegi and Sunter): by field, how often each level is met in
pairs of one person (m) and of two (u). Made by `ymach bench match --estimate` on an invented country of {ESTIMATED_ON} people
(seed {ESTIMATED_SEED}): u from 1,500,000 pairs at random, m by expectation-maximisation over pairs of one birthday (the
birthday itself: over pairs of one insurance number), without the truth. names: the share of people with a word as family,
middle or given name, folded."""
