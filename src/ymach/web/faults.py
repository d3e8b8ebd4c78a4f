"""What is wrong with a form: all of it at once, each fault at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ymach.base.errors import YmachError
from ymach.web.templatetags.ymach import language


class Faults:
    """The faults of one form in the order in which they were found, one for each field.

    found: what to tell above the form. True while there are any.
    """

    def __init__(self, *found: YmachError) -> None:
        self.found: list[YmachError] = []
        self.add(*found)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, *found: YmachError, at: Mapping[str, str] | None = None) -> None:
        """One more each, unless its field has a fault. at: the form's fields, by what the rules call them."""
        for fault in found:
            fault.field = (at or {}).get(fault.field or "", fault.field)
            if not fault.field or fault.field not in self.errors:
                self.found.append(fault)

    @contextmanager
    def noted(self, at: Mapping[str, str] | None = None) -> Iterator[None]:
        """Whatever the block is refused with is a fault."""
        try:
            yield
        except YmachError as error:
            self.add(error, at=at)

    @property
    def errors(self) -> dict[str, str]:
        """The sentence of each field, in the reader's language; of what belongs to none, under "" ."""
        return {fault.field or "": fault.text.to(language()) for fault in reversed(self.found)}

    @property
    def status(self) -> int:
        """Of the answer with the form: that of the first fault, 200 for none."""
        return self.found[0].status if self.found else 200
