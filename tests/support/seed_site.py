"""Fills a database for browser tests: run as a program, with the password of all accounts as its argument."""

from __future__ import annotations

import sys

import django

django.setup()

from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402

ACCOUNTS = [
    ("ministry", "Phạm Quốc Việt", Role.MINISTRY, None),
    ("department", "Nguyễn Thị Thu", Role.DEPARTMENT, "40"),
    ("nobody", "Lê Văn Mới", None, None),
]


def main() -> None:
    by, at = command("seed-site"), now()
    for username, full_name, role, province_code in ACCOUNTS:
        user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=by, at=at)
        if role:
            grant_role(user=user, role=role, by=by, at=at, province_code=province_code)


main()
