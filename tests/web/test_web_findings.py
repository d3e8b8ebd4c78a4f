"""The catalogue of findings speaks to clerks: what is filled in is named in their words."""

import re

import pytest
from django.test import Client

from ymach.exchange.findings import catalogue
from ymach.web.shown.findings import AREAS, PLACES

pytestmark = pytest.mark.django_db


def test_every_place_in_a_vietnamese_sentence_is_named_in_words() -> None:
    texts = [text for kind in catalogue() for text in (kind.text.vi, kind.action.vi)]
    assert {place for text in texts for place in re.findall(r"\{(\w+)\}", text)} <= set(PLACES)


def test_the_page_shows_no_name_of_a_program() -> None:
    page = Client().get("/findings").content.decode()
    assert "[giá trị]" in page
    assert not re.search(r"\{[a-z_]+\}", page)


def test_every_area_of_the_catalogue_has_words() -> None:
    assert {kind.code.split("-")[1] for kind in catalogue()} <= AREAS.keys()
