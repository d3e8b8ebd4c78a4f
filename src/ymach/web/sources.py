"""The sources of rules as each language cites them: “Law 15/2023/QH15 Art. 36” is “Luật 15/2023/QH15 Điều 36”.

Findings name their source once, in the words of whoever wrote the rule. Numbers of documents and names of standards
(RFC, W3C) stay as they are in both languages.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ymach.base.text import Text

_LAW = "Luật Giao dịch điện tử"
_NUMBERS = r"(\d[\d, –-]*\d|\d)"
_TO_VIETNAMESE = (
    (r"^(?=91/2015/QH13\b)", "Bộ luật Dân sự "),
    (r"^(?=\d+/\d{4}/QH\d)", "Luật "),
    (r"^(?=\d+/\d{4}/NĐ-CP)", "Nghị định "),
    (r"\bQD-BYT\b", "QĐ-BYT"),
    (r"\bBHXH Vietnam guide (\d{4}) for\b", r"Hướng dẫn năm \1 của BHXH Việt Nam cho"),
    (r"\bBHXH validation workbook\b", "bảng kiểm tra dữ liệu của BHXH Việt Nam"),
    (r"\bBHXH (\d{4})\b", r"BHXH Việt Nam năm \1"),
    (r"\bthe list's own decision\b", "quyết định ban hành danh mục"),
    (r"\bLabour Code (?=\d)", "Bộ luật Lao động "),
    (r"\(expired, usual reading\)", "(hết hiệu lực, vẫn thường dùng)"),
    (r"\bLaw (?=\d)", "Luật "),
    (r"\bDecree (?=\d)", "Nghị định "),
    (r"\bDecision (?=\d)", "Quyết định "),
    (r"\bCircular (?=\d)", "Thông tư "),
    (rf"\s+[Aa]rt\. {_NUMBERS}", r" Điều \1"),
    (r"(\d) to (?=\d)", r"\1 đến "),
    (r"\s+chapter ([IVX]+)\b", r" Chương \1"),
    (r"\s+annex(?:es)? ", " phụ lục "),
    (r"\s+k(\d+)\b", r" khoản \1"),
    (r"(/QĐ-BYT) (\d{4})\b", r"\1 năm \2"),
    (r"(\d)-(\d)", r"\1–\2"),
)
_TO_ENGLISH = (
    (r"^(?=91/2015/QH13\b)", "Civil Code "),
    (r"^(?=\d+/\d{4}/QH\d)", "Law "),
    (r"^(?=\d+/\d{4}/NĐ-CP)", "Decree "),
    (r",(?= Điều)", ""),
    (r" và(?= Điều)", " and"),
    (r" điểm (?=\w\b)", " point "),
    (r"\bQD-BYT\b", "QĐ-BYT"),
    (r"\bBHXH (Vietnam )?", "Vietnam Social Security "),
    (rf"\b{_LAW} ", "Law on Electronic Transactions "),
    (r"\bNghị định ", "Decree "),
    (r"\bThông tư ", "Circular "),
    (rf"\s+(?:Điều|[Aa]rt\.) {_NUMBERS}", r" Art. \1"),
    (r"\s+(?:khoản |k)(\d+)", r" clause \1"),
    (r"(\d)-(\d)", r"\1–\2"),
)


@lru_cache(maxsize=1024)
def source_words(source: str) -> Text:
    """A source as written in a rule, in both languages. Parts stand apart by “;”."""
    parts = [part.strip() for part in source.split(";")]
    vi, en = ("; ".join(_turned(part, changes) for part in parts) for changes in (_TO_VIETNAMESE, _TO_ENGLISH))
    return Text(_begun(vi), _begun(en))


def _turned(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for pattern, new in changes:
        text = re.sub(pattern, new, text)
    return text


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
