"""A site for tests as a process: filled by a program of this folder, then served. And `ymach` as one.

Processes are forked from one that has imported and made everything that needs no database; what that one believed about
its installation is read anew.
"""

from __future__ import annotations

import gc
import importlib
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import set_start_method
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "ymach.settings"
HERE = Path(__file__).parent
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]

import django  # noqa: E402
import granian  # noqa: E402, F401
from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils.functional import empty  # noqa: E402
from django.utils.log import configure_logging  # noqa: E402

django.setup()

import ymach.agent.commands  # noqa: E402
import ymach.exchange.intake.warming  # noqa: E402
import ymach.settings  # noqa: E402
import ymach.urls  # noqa: E402
from tests.support.intake import authority  # noqa: E402
from ymach.base.kept import Kept  # noqa: E402
from ymach.cli.main import main  # noqa: E402
from ymach.formats.xml130.schema import tables  # noqa: E402
from ymach.trust.queries import forget as forget_trust  # noqa: E402

for make in (get_wsgi_application, tables, authority):
    make()
gc.collect()
gc.freeze()


def live(environment: Mapping[str, str], seed: Sequence[str], port: int, log: Path, *, hashes: bool) -> None:
    """Fill the database that `environment` names, then answer on a port of this machine until SIGTERM.

    seed: a program of this folder and its arguments, or nothing. log: where output goes, errors above all. hashes: keep
    passwords as in life, a quarter of a second for each account and each time somebody signs in.
    """
    _begin(environment, log)
    if not hashes:
        settings.PASSWORD_HASHERS = QUICK
    if seed:
        sys.argv = [*seed]
        runpy.run_path(str(HERE / seed[0]), run_name="__main__")
    connections.close_all()
    Kept.forget_all()
    forget_trust()
    _serve(port)


def command(environment: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
    """Run `ymach` and exit as it does. log: where output goes."""
    _begin(environment, log)
    sys.argv = ["ymach", *arguments]
    main([*arguments])


def _begin(environment: Mapping[str, str], log: Path) -> None:
    with log.open("w") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    _move_to(environment)


def _move_to(environment: Mapping[str, str]) -> None:
    """Believe what another environment says."""
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(ymach.settings)
    settings._wrapped = empty
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    connections.__dict__.pop("settings", None)
    connections.__init__()  # type: ignore[misc]


def _serve(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Granian does as its process was made, and would start from nothing for "forkserver".
    set_start_method("fork", force=True)
    application = "ymach.wsgi:application"
    Granian(application, address="127.0.0.1", port=port, interface=Interfaces.WSGI, log_level=LogLevels.warning).serve()
