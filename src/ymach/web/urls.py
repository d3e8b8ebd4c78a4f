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
    security,
    submissions,
    timeline,
    today,
    vneid,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-in/second-factor", account.second_factor, name="second-factor"),
    path("sign-in/passkey", account.with_passkey, name="sign-in-passkey"),
    path("sign-in/vneid", vneid.begin, name="vneid"),
    path("sign-in/vneid/answer", vneid.answer, name="vneid-answer"),
    path("security", security.index, name="security"),
    path("security/begin", security.begin, name="security-begin"),
    path("security/confirm", security.confirm, name="security-confirm"),
    path("security/password", security.password, name="security-password"),
    path("security/app", security.app, name="security-app"),
    path("security/passkeys", security.passkeys, name="security-passkeys"),
    path("security/codes", security.codes, name="security-codes"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("language", account.choose_language, name="language"),
    path("today", today.index, name="today"),
    path("country", country.overview, name="country"),
    path("facilities", facilities.index, name="facilities"),
    path("facilities/<str:code>", facility.index, name="facility"),
    path("facilities/<str:code>/timeline", timeline.facility_timeline, name="facility-timeline"),
    path("facilities/<str:code>/as-of", timeline.facility_as_of, name="facility-as-of"),
    path("practitioners/<uuid:key>/timeline", timeline.practitioner_timeline, name="practitioner-timeline"),
    path("practitioners/<uuid:key>/as-of", timeline.practitioner_as_of, name="practitioner-as-of"),
    path("submissions", submissions.index, name="submissions"),
    path("submissions/<uuid:submission_id>", submissions.one, name="submission"),
    path("submissions/<uuid:submission_id>/receipt.jws", submissions.receipt, name="receipt"),
    path("submissions/<uuid:submission_id>/dossiers/<int:number>", dossier.index, name="dossier"),
    path("profile", own.profile, name="profile"),
    path("records", own.records, name="own-records"),
    path("findings", findings.index, name="findings"),
    path("gallery", gallery.show, name="gallery"),
]
