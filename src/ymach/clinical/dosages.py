"""How a medicine is taken, in words."""

from __future__ import annotations

import re

from ymach.base.text import Text

_DOSAGE = re.compile(
    r"(?P<each>[0-9.,/]+ [^*/\[]+?)/lần \* (?P<times>[0-9]+) lần/ngày(?: \* (?P<days>[0-9]+) ngày)?(?: \[[^\]]*\])?"
)


def plain_dosage(text: str) -> Text | str:
    """A dosage in the grammar of LIEU_DUNG (“1 viên/lần * 2 lần/ngày * 30 ngày [2 viên/ngày]”, Decision 4750/QD-BYT 2023)
    as people say it; anything else as it was written."""
    found = _DOSAGE.fullmatch(" ".join(text.split()))
    if found is None:
        return text
    each, times, days = found["each"], int(found["times"]), found["days"]
    vi = f"Mỗi lần {each}, ngày {times} lần" + (f", trong {days} ngày" if days else "")
    often = "once a day" if times == 1 else f"{times} times a day"
    return Text(vi, f"{each} {often}" + (f", for {days} days" if days else ""))
