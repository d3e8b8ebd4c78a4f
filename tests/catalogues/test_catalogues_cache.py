from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.catalogues import actions, queries
from ymach.catalogues.codelists import CodeList

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
DESCRIPTION = """
[[catalogue]]
code = "sex"
name_vi = "Giới tính"
name_en = "Sex"

[[catalogue.release]]
version = "4750-2023"
file = "sex.csv"
decision = "4750/QĐ-BYT"
valid_from = 2023-12-29
"""


def load_sexes(folder: Path, *codes: str) -> None:
    rows = "".join(f"{code},Tên,Name,test\n" for code in codes)
    (folder / "sex.csv").write_text("code,name_vi,name_en,source\n" + rows, encoding="utf-8")
    (folder / "catalogues.toml").write_text(DESCRIPTION, encoding="utf-8")
    actions.load(by=command("test"), at=now(), folder=folder)


def test_second_look_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = queries.codes("icd10", TODAY)
    with django_assert_num_queries(1):
        assert queries.codes("icd10", TODAY) is first


def test_known_version_costs_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = queries.content_version()
    queries.codes("sex", TODAY, version=version)
    with django_assert_num_queries(0):
        queries.codes("sex", TODAY, version=version)
        queries.versions(TODAY, version=version)


def test_load_of_other_content_is_seen_at_once(tmp_path: Path) -> None:
    assert "9" not in queries.codes("sex", TODAY)
    load_sexes(tmp_path, "1", "2", "9")
    assert queries.codes("sex", TODAY).codes == {"1", "2", "9"}


def test_load_of_the_same_content_keeps_the_version(tmp_path: Path) -> None:
    load_sexes(tmp_path, "1", "2")
    version = queries.content_version()
    load_sexes(tmp_path, "1", "2")
    assert queries.content_version() == version


def test_code_list_is_plain_and_frozen() -> None:
    codes = CodeList("sex", Text("Giới tính", "Sex"), "1", "x", frozenset({"1", "2"}), {"1": {"note": "a"}})
    assert codes.contains("1")
    assert not codes.contains(" 1")
    assert (codes.flag("1", "note"), codes.flag("2", "note"), codes.flag("3", "note")) == ("a", None, None)
    with pytest.raises(AttributeError):
        codes.version = "2"


def test_code_lists_need_no_django() -> None:
    source = Path(queries.__file__).with_name("codelists.py").read_text(encoding="utf-8")
    assert "import django" not in source
    assert "from django" not in source
    assert re.findall(r"ymach[.\w]*", source) == ["ymach.base.text"]
