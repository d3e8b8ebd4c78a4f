from __future__ import annotations

from collections import Counter

import pytest

from ymach.places.models import CommuneSuccession, ProvinceSuccession

pytestmark = pytest.mark.django_db


def test_440_old_communes_are_split_over_several_new_ones() -> None:
    pairs = Counter(CommuneSuccession.objects.exclude(old_code="").values_list("old_code", flat=True))
    assert sum(number > 1 for number in pairs.values()) == 440


@pytest.mark.parametrize(
    ("old", "new"),
    [("74", "Thành phố Hồ Chí Minh"), ("70", "Thành phố Đồng Nai"), ("54", "Tỉnh Đắk Lắk"), ("01", "Thành phố Hà Nội")],
)
def test_old_province_goes_whole_into_a_present_one(old: str, new: str) -> None:
    assert ProvinceSuccession.objects.get(old_code=old).new.full_name_vi == new
