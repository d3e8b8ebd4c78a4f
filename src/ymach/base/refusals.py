"""Turning a refusal of the database into the error a person can read, by the name of the constraint that refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from ymach.base.errors import YmachError


@contextmanager
def refused_as(errors: Mapping[str, Callable[[], YmachError]]) -> Iterator[None]:
    """Run the block in a transaction; where a constraint named in `errors` refuses it, raise that error instead.

    Any other refusal passes through unchanged: it is a fault of ours, not of the person.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        make = errors.get(constraint_of(refusal))
        if make is None:
            raise
        raise make() from refusal


def constraint_of(refusal: IntegrityError) -> str:
    """The name of the constraint that refused; empty if the database did not say."""
    diagnostics = getattr(refusal.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
