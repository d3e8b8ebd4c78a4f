"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from ymach.web.views import account, gallery, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("language", account.choose_language, name="language"),
    path("gallery", gallery.show, name="gallery"),
]
