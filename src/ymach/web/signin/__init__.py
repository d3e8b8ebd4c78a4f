"""Signing in on pages: what of django-allauth we use and how, events of the journal, the second factor, VNeID."""
