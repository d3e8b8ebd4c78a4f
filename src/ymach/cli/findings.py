"""The catalogue of findings as a file."""

from __future__ import annotations

import csv
import sys

import click
import orjson

from ymach.base.findings import FindingKind
from ymach.exchange.findings import catalogue

COLUMNS = ("code", "severity", "status", "vi", "en", "do_vi", "do_en", "source")


@click.command()
@click.option("--format", "style", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
def findings(style: str) -> None:
    """Print every finding the system can make: code, severity, sentences in both languages, what to do, source."""
    rows = [as_row(kind) for kind in catalogue()]
    if style == "json":
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def as_row(kind: FindingKind) -> dict[str, object]:
    """One entry of the file."""
    texts = (kind.text.vi, kind.text.en, kind.action.vi, kind.action.en)
    return dict(zip(COLUMNS, (kind.code, kind.severity.value, kind.status, *texts, kind.source), strict=True))
