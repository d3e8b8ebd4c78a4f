"""The first page of each role: where an account works is where it begins. A pharmacy works at its counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.exchange.prescriptions.access import is_pharmacy
from ymach.web.access import actor_of_request, signed_in

FIRST_PAGES = {
    Role.MINISTRY: "country",
    Role.AUDITOR: "country",
    Role.DEPARTMENT: "department",
    Role.DEPARTMENT_ADMIN: "department",
    Role.FACILITY: "today",
    Role.PRACTITIONER: "profile",
    Role.CITIZEN: "own-records",
}


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the first page of the account's first role; an account without any is told what to do."""
    actor = actor_of_request(request)
    held = {grant.role for grant in actor.grants}
    first = next((page for role, page in FIRST_PAGES.items() if role.value in held), None)
    if first is None:
        return render(request, "pages/no_role.html", {"name": actor.label})
    if first == FIRST_PAGES[Role.FACILITY] and is_pharmacy(actor, now()):
        return redirect("dispensing")
    return redirect(first)
