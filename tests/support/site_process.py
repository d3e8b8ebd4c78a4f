"""A site for tests as one program: `site_process.py PORT [SEED ARGUMENT …]` fills the database, then serves it.

One process imports everything once; the one that answers is forked from it, as `ymach serve` does.
"""

from __future__ import annotations

import os
import runpy
import sys
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ymach.settings")
APPLICATION, LOADED = "ymach.wsgi:application", ("ymach.wsgi", "ymach.urls")


def seed(program: str, *arguments: str) -> None:
    """Run a program that fills the database, as if it were started with those arguments."""
    kept, sys.argv = sys.argv, [program, *arguments]
    runpy.run_path(program, run_name="__main__")
    sys.argv = kept


def serve(port: int) -> None:
    """Answer on a port of this machine until SIGTERM."""
    for module in LOADED:
        import_module(module)
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    Granian(APPLICATION, address="127.0.0.1", port=port, interface=Interfaces.WSGI, log_level=LogLevels.warning).serve()


if __name__ == "__main__":
    port, *program = sys.argv[1:]
    if program:
        seed(*program)
    serve(int(port))
