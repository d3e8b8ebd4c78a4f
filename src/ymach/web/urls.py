"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from ymach.web.views import (
    account,
    country,
    dossier,
    facilities,
    facility,
    findings,
    gallery,
    home,
    own,
    submissions,
    today,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("language", account.choose_language, name="language"),
    path("today", today.index, name="today"),
    path("country", country.overview, name="country"),
    path("facilities", facilities.index, name="facilities"),
    path("facilities/<str:code>", facility.index, name="facility"),
    path("submissions", submissions.index, name="submissions"),
    path("submissions/<uuid:submission_id>", submissions.one, name="submission"),
    path("submissions/<uuid:submission_id>/receipt.jws", submissions.receipt, name="receipt"),
    path("submissions/<uuid:submission_id>/dossiers/<int:number>", dossier.index, name="dossier"),
    path("profile", own.profile, name="profile"),
    path("records", own.records, name="own-records"),
    path("findings", findings.index, name="findings"),
    path("gallery", gallery.show, name="gallery"),
]
