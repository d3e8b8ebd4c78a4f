"""A refusal of a whole input, carrying the finding that says why."""

from __future__ import annotations

from ymach.base.errors import YmachError
from ymach.base.findings import Finding
from ymach.base.text import Text


class Refused(YmachError):
    """The input is not accepted. `finding` says why and what to do; `code`, `status` and both sentences are its own.

    A receipt of the refusal holds the same sentence as the answer.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self.__dict__.update(code=finding.code, status=finding.kind.status)
        self.args = (finding.code,)

    @property
    def text(self) -> Text:
        return self.finding.text
