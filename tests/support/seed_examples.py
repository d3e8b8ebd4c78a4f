"""Makes a demonstration's registry, with a certificate and an account for some of its facilities.

Run as a program, with the password of the accounts, a folder for the certificates, and the codes of the facilities.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from tests.support.accounts import make_account  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.cli.main import root  # noqa: E402
from ymach.facilities.models import Facility  # noqa: E402


def main(password: str, folder: str, *codes: str) -> None:
    ymach("registry", "--practitioners", "300", "--facilities", "30")
    for code in codes:
        ymach("certificate", "--facility", code, "--out", str(Path(folder) / f"{code}.p12"))
        facility = Facility.objects.get(code=code)
        make_account(Role.FACILITY, f"co-so-{code}", "Hồ Văn Công", password=password, facility_id=facility.pk)


def ymach(*arguments: str) -> None:
    root(["synth", *arguments], standalone_mode=False)


main(*sys.argv[1:])
