"""Shared code lists: releases, effective dates, look-up on a date."""
