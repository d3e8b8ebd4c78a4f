"""Loading places and catalogues from the package's own data."""

from __future__ import annotations

import click


@click.command(name="load-reference")
def load_reference() -> None:
    """Load or refresh provinces, communes and code lists. Running it again changes nothing that is the same."""
