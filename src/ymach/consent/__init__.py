"""Consent: who may read what of a person, given and withdrawn; and the one decision of every reading."""
