"""Every component says which options it takes, and nobody gives it others."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

import ymach.web
from ymach.web.templatetags.ymach import counted

TEMPLATES = Path(ymach.web.__file__).parent / "templates"
COMPONENTS = sorted(path for path in (TEMPLATES / "components").glob("*.html") if path.stem != "field_attributes")
USE = re.compile(r"""\{%\s*(?:show|wrap)\s+"(\w+)"((?:\s+\w+=(?:"[^"]*"|'[^']*'|[^\s%]+))*)\s*%\}""")


def _header(path: Path) -> str:
    found = re.match(r"\{% comment %\}(.*?)\{% endcomment %\}", path.read_text(encoding="utf-8"), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_opens_with_what_it_is_for(path: Path) -> None:
    assert len(_header(path)) > 20


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_has_at_most_50_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 50


def test_only_options_that_a_component_names_are_given_to_it() -> None:
    headers = {path.stem: _header(path) for path in COMPONENTS}
    wrong = [
        f"{path.name}: {name} {option}"
        for path in TEMPLATES.rglob("*.html")
        for name, options in USE.findall(path.read_text(encoding="utf-8"))
        for option in re.findall(r"(\w+)=", re.sub(r"\"[^\"]*\"|'[^']*'", "", options))
        if not re.search(rf"\b{option}\b", headers[name])
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\bsrc=)", text)


def test_a_number_in_english_has_english_separators(settings: object) -> None:
    from django.utils import translation

    template = engines["django"].from_string("{{ n|figure }} {{ p|percent }}")
    with translation.override("en"):
        assert template.render({"n": 1284906, "p": 98.6}) == "1,284,906 98.6%"
    with translation.override("vi"):
        assert template.render({"n": 1284906, "p": 98.6}) == "1.284.906 98,6\u00a0%"


@pytest.mark.parametrize(
    ("asked", "clear"),
    [
        ("", ""),
        ("?state=", ""),
        ("?page=2&sort=-total", ""),
        ("?state=closed", ""),
        ("?state=closed&kind=", ""),
        ("?kind=erase", "/requests"),
        ("?state=closed&kind=erase&page=2", "/requests?state=closed"),
    ],
)
def test_filters_are_cleared_only_where_some_are_set_and_the_tab_stays(asked: str, clear: str) -> None:
    template = engines["django"].from_string('{% cleared "state" as clear %}{{ clear }}')
    assert template.render({}, RequestFactory().get(f"/requests{asked}")) == clear


@pytest.mark.parametrize(
    ("unit", "count", "word"),
    [("facilities", 1, "facility"), ("people", 1, "person"), ("cases", 1, "case"), ("facilities", 2, "facilities")],
)
def test_one_is_counted_as_one_in_english(unit: str, count: int, word: str) -> None:
    with override("en"):
        assert counted(unit, count) == word
    assert counted("cơ sở", count) == "cơ sở"
