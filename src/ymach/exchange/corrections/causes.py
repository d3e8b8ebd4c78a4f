"""Why something is said again after the first receipt, and what people call it."""

from __future__ import annotations

from enum import StrEnum

from ymach.base.text import Text


class Cause(StrEnum):
    """The cause of an amended receipt or of a later delivery; the journal's word is `submission:<cause>`."""

    RELEASED = "released"
    REJECTED = "rejected"
    RETURNED = "returned"
    RE_EVALUATED = "re-evaluated"
    CANCELLATION = "cancellation"


WORDS = {
    Cause.RELEASED: Text("Sở Y tế cho qua", "Released by the department"),
    Cause.REJECTED: Text("Sở Y tế không nhận", "Rejected by the department"),
    Cause.RETURNED: Text("Sở Y tế trả lại để sửa", "Returned by the department to be mended"),
    Cause.RE_EVALUATED: Text("Xét lại vì sổ đăng ký được sửa", "Judged again: the registry was corrected"),
    Cause.CANCELLATION: Text("Cơ sở hủy hồ sơ", "Cancelled by the facility"),
}

_BY_NAME: dict[str, Text] = {cause.value: words for cause, words in WORDS.items()}


def words_of(cause: str) -> Text:
    """A cause as people call it; one we have no word for by its name."""
    return _BY_NAME.get(cause) or Text(cause, cause)
