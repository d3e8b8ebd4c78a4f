"""The site and the API, served by granian."""

from __future__ import annotations

import logging
import os
import sys
from copy import deepcopy
from importlib import import_module

import click

from ymach.base import sealing
from ymach.base.errors import Misconfigured
from ymach.cli.main import start_django
from ymach.exchange.lanes.rules import PLACES
from ymach.exchange.lanes.turns import open_gate

APPLICATION = "ymach.wsgi:application"
LOADED = ("ymach.urls", "ymach.wsgi")
"""Loaded once, warm caches included, before the workers are forked from this process: seconds of work for each of them
otherwise."""
WORKERS = 2 * (os.cpu_count() or 1)
"""Processes: a worker that waits for the database leaves its core to another."""

THREADS = 2
"""Requests a worker works on at once, each with a connection to the database. More only adds waiting for the interpreter."""

ROOM = sum(PLACES.values()) + 16
"""Requests a worker may have inside: those that wait for their turn (ymach.exchange.lanes), and a few that are just being
told to come later. A thread that waits costs next to nothing."""

CONNECTIONS = 1024
"""Connections a worker holds. Granian's back pressure counts connections, and one that is kept alive between two requests
counts too: a bound near the number of threads would let a few idle senders shut everybody else out."""

_STOP_SECONDS = 15
_HAND_OVER_SECONDS = 0.001
"""After so long a thread hands over the interpreter: who answers a look-up beside a part of a batch waits for it often."""
_KEEP_THREADS_SECONDS = 600


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads", default=THREADS, show_default=True, type=click.IntRange(1, 64), help="At work in each process."
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site and the API until SIGTERM or Ctrl-C. Requests that are being answered are finished first."""
    if "YMACH_BASE_URL" not in os.environ and host in {"127.0.0.1", "localhost"}:
        os.environ["YMACH_BASE_URL"] = f"http://{host}:{port}"
    start_django()
    check_role()
    check_keys()
    for module in LOADED:
        import_module(module)
    open_gate(threads, workers)
    sys.setswitchinterval(_HAND_OVER_SECONDS)
    _run(host, port, workers, threads)


def check_role() -> None:
    """Refuse a role of the database that passes over its protections: a superuser, or one with BYPASSRLS.

    Leaves no connection open, so that processes may be forked afterwards. Raises Misconfigured.
    """
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, is_superuser, bypasses = cursor.fetchone()
    connections.close_all()
    if is_superuser or bypasses:
        what = "a superuser" if is_superuser else "one that bypasses row security"
        raise Misconfigured(why=f"the database role {name} is {what}; give YMACH_DATABASE_URL an ordinary role.")


def check_keys() -> None:
    """Refuse a file of data keys that is not the one under which this database was sealed, e.g. made anew after a loss.

    Asks for one row. Leaves no connection open. Raises KeyMissing.
    """
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('exchange_submission_content') IS NOT NULL")
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT substring(content FROM 1 FOR 64) FROM exchange_submission_content LIMIT 1")
            for (start,) in cursor.fetchall():
                sealing.check_known(bytes(start))
    connections.close_all()


def _is_news(record: logging.LogRecord) -> bool:
    """Granian warns at every start that threads and processes are many; here most threads only wait (ROOM)."""
    return "CPU cores available" not in record.getMessage()


def _run(host: str, port: int, workers: int, threads: int) -> None:
    from django.conf import settings
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    logging.getLogger("_granian").addFilter(_is_news)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads + ROOM,
        blocking_threads_idle_timeout=_KEEP_THREADS_SECONDS,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=dict(deepcopy(settings.LOGGING)),
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    server.serve()
