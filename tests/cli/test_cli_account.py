"""The first account of an empty installation, from the terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.support.commands import ymach
from tests.support.databases import copy, environment_for, server

from ymach.accounts.models import Invitation, Membership
from ymach.cli.account import account

PASSWORD = "bon-tu-khong-lien-quan"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(account, ["invite", *arguments])


@pytest.mark.django_db
def test_the_printed_link_opens_the_first_ministry_account() -> None:
    done = run("--role", "ministry", "--email", "viet@moh.gov.vn", "--name", "Phạm Quốc Việt")
    path = "/invitations/" + done.stdout.strip().rpartition("/")[2]
    assert Client().post(path, {"full_name": "Phạm Quốc Việt", "password": PASSWORD}).status_code == 302
    assert Membership.objects.get().role == "ministry"


@pytest.mark.django_db
def test_the_first_administrator_of_a_department_is_of_a_province_that_exists() -> None:
    assert run("--role", "department-admin", "--email", "a@syt.vn").exit_code == 2
    assert run("--role", "department-admin", "--email", "a@syt.vn", "--province", "99").exit_code == 2
    assert run("--role", "department-admin", "--email", "a@syt.vn", "--province", "40").exit_code == 0
    assert Invitation.objects.get().province_code == "40"


@pytest.mark.django_db
def test_a_ministry_account_has_no_province() -> None:
    assert run("--role", "ministry", "--email", "a@moh.gov.vn", "--province", "40").exit_code == 2


@pytest.mark.slow
def test_the_command_works_as_an_operator_types_it() -> None:
    here = server()
    with copy(here, "account") as name:
        asked = ("account", "invite", "--role", "ministry", "--email", "viet@moh.gov.vn")
        done = ymach(environment_for(here, name), *asked)
    assert done.returncode == 0, done.output
    assert done.output.startswith("http://127.0.0.1:8000/invitations/")
