import re

import pytest

from ymach.exchange.findings import catalogue
from ymach.web.sources import source_words

SOURCES = sorted({kind.source for kind in catalogue()})
ENGLISH = re.compile(
    r"\b(Law|Decree|Decision|Circular|[Aa]rt|annex\w*|chapter|guide|for|the|own|list|workbook|k\d+|QD)\b"
)
VIETNAMESE = re.compile(r"\b(Luật|Nghị định|Quyết định|Thông tư|Điều|khoản|phụ lục|Chương|BHXH|QD)\b")


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_of_a_finding_is_cited_in_the_language_of_the_reader(source: str) -> None:
    words = source_words(source)
    assert not ENGLISH.search(words.vi)
    assert not VIETNAMESE.search(words.en)


@pytest.mark.parametrize("source", SOURCES)
def test_a_citation_keeps_the_numbers_of_its_source(source: str) -> None:
    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", text))

    words = source_words(source)
    assert numbers(words.vi) == numbers(words.en) == numbers(source)


@pytest.mark.parametrize(
    ("source", "vi", "en"),
    [
        ("Law 15/2023/QH15 Art. 36, 37", "Luật 15/2023/QH15 Điều 36, 37", "Law 15/2023/QH15 Art. 36, 37"),
        (
            "91/2025/QH15, Điều 9 và Điều 26 khoản 2; 91/2015/QH13, Điều 134",
            "Luật 91/2025/QH15, Điều 9 và Điều 26 khoản 2; Bộ luật Dân sự 91/2015/QH13, Điều 134",
            "Law 91/2025/QH15 Art. 9 and Art. 26 clause 2; Civil Code 91/2015/QH13 Art. 134",
        ),
        ("Decision 130/QD-BYT 2023", "Quyết định 130/QĐ-BYT năm 2023", "Decision 130/QĐ-BYT 2023"),
        (
            "Decree 188/2025/NĐ-CP art. 69 k9",
            "Nghị định 188/2025/NĐ-CP Điều 69 khoản 9",
            "Decree 188/2025/NĐ-CP Art. 69 clause 9",
        ),
        ("Circular 48/2017/TT-BYT; Ymạch", "Thông tư 48/2017/TT-BYT; Ymạch", "Circular 48/2017/TT-BYT; Ymạch"),
        ("Decision 4469/QĐ-BYT annex A2", "Quyết định 4469/QĐ-BYT phụ lục A2", "Decision 4469/QĐ-BYT annex A2"),
    ],
)
def test_a_citation_is_written_as_lawyers_write_it(source: str, vi: str, en: str) -> None:
    words = source_words(source)
    assert (words.vi, words.en) == (vi, en)
