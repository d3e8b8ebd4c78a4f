"""The root of the `ymach` command. Parts that need the server's packages are loaded only when they are asked for."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click
from rich.console import Console

from ymach import __version__
from ymach.base.errors import YmachError

# name → (module, attribute, needs Django, one line of help). Loaded on use: the agent runs without the server's packages.
COMMANDS: dict[str, tuple[str, str, bool, str]] = {
    "account": ("ymach.cli.account", "account", True, "The first accounts of an installation."),
    "agent": ("ymach.agent.commands", "agent", False, "The facility's tool: sign, send, keep receipts."),
    "audit": ("ymach.cli.audit", "audit", True, "The journal: prove it, whom an account reached."),
    "bench": ("ymach.cli.bench", "bench", False, "Measure: one JSON line each."),
    "certificate": ("ymach.cli.certificate", "certificate", True, "Authorities believed, certificates of facilities."),
    "conformance": ("ymach.cli.conformance", "conformance", False, "For vendors: golden files, and a signed report."),
    "db": ("ymach.cli.db", "db", False, "The embedded database: start, stop, status."),
    "delivery": ("ymach.cli.delivery", "delivery", True, "What waits for an operator: look, send again."),
    "demo": ("ymach.cli.demo", "demo", False, "A demo country, alive, on this machine."),
    "figures": ("ymach.cli.figures", "figures", True, "Figures of the registry: join rows of the tallies."),
    "findings": ("ymach.cli.findings", "findings", True, "The catalogue of findings."),
    "keys": ("ymach.cli.keys", "keys", False, "The keys of data at rest: look, rotate, seal anew."),
    "licence": ("ymach.cli.licence", "licence", False, "Verify the QR code of a licence, without a network."),
    "load-reference": ("ymach.cli.reference", "load_reference", True, "Load places and catalogues."),
    "mentions": ("ymach.cli.mentions", "mentions", True, "The index of authors: who signed what."),
    "migrate": ("ymach.cli.db", "migrate", False, "Bring the schema up to date."),
    "persons": ("ymach.cli.persons", "persons", True, "The index of persons: compare, thresholds."),
    "policies": ("ymach.cli.policies", "policies", True, "What follows from a finding: list, preview."),
    "population": ("ymach.cli.population", "population", True, "The national population database: check people."),
    "reconcile": ("ymach.cli.reconcile", "reconcile", True, "The day's close: who compared, what differs."),
    "remind": ("ymach.cli.remind", "remind", True, "Reminders of what the law makes due."),
    "sandbox": ("ymach.cli.sandbox", "sandbox", False, "Stand-ins of the partners."),
    "serve": ("ymach.cli.serve", "serve", False, "The site and the API."),
    "synth": ("ymach.cli.synth", "synth", True, "A synthetic country: registry and dossiers."),
    "system": ("ymach.cli.system", "system", True, "Systems that follow the registry."),
    "verify": ("ymach.cli.verify", "verify", True, "Prove that counters equal receipts."),
    "webhook": ("ymach.cli.webhook", "webhook", True, "Who is told what happens, at addresses of their own."),
    "worker": ("ymach.cli.worker", "worker", True, "Carry deliveries to their destinations."),
}


class LazyGroup(click.Group):
    """Lists all commands, imports only the one that runs, and turns our errors into a line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, needs_django, _ = COMMANDS[cmd_name]
        if needs_django:
            start_django()
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][3]) for name in sorted(COMMANDS)])


def start_django(*, as_owner: bool = False) -> None:
    """Load the server's part: the embedded database if no other is configured, then Django."""
    import django

    from ymach.base.embedded import cluster
    from ymach.config import read_environment

    if as_owner:
        os.environ["YMACH_AS_OWNER"] = "1"
    environment = read_environment()
    if environment.database_url is None:
        cluster(environment).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ymach.settings")
    django.setup()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ymach")
def root() -> None:
    """Ymạch: the national registry of medical practice and the exchange of health records.

    Exit codes: 0 done, 1 refused (fix the data), 2 wrong use, 3 try later.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; the only place where our errors become terminal lines and exit codes."""
    # Nearly all that a program makes while it loads stays: looking through it for garbage is a sixth of the start.
    gc.set_threshold(50_000, 50, 50)
    try:
        return root(arguments, standalone_mode=True)
    except YmachError as error:
        print_error(error)
        sys.exit(exit_code(error))


def print_error(error: YmachError) -> None:
    """Both sentences, the Vietnamese first, and the stable code, on standard error."""
    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]{error.code}[/] {error.text.vi}")
    console.print(f"[dim]{error.text.en}[/]")


def exit_code(error: YmachError) -> int:
    """1 refused, 2 wrong use, 3 try later."""
    if not error.permanent:
        return 3
    return 2 if error.status == 500 else 1
