"""How often what goes wrong. Shares from 0 to 1, of one statement unless another thing is named.

There is no published Vietnamese study of these rates. They are set within what studies of patient indexes elsewhere report
(8-12 % duplicate records in hospital indexes; names misspelt 1-3 %, birth dates 1-3 %, sex below 1 %), with what
implementers of the national files report about them: names without marks from old software, nine-digit numbers and
passports in the field of the personal number, children under the mother's data, elders known by their year.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """known_twice: persons with more than one identity; more_than_two: of these. The rest by its name."""

    known_twice: float = 0.08
    more_than_two: float = 0.15
    twins: float = 0.012  # of persons: born with a brother or sister of the same day
    year_alone_elders: float = 0.30  # of persons born before 1950, in every paper they have
    # The name.
    without_marks: float = 0.12
    typo: float = 0.025
    words_moved: float = 0.007
    middle_dropped: float = 0.015
    other_middle: float = 0.005  # after a marriage, or spelt anew
    # The birthday.
    day_month_swapped: float = 0.015
    birth_digit: float = 0.015
    year_alone: float = 0.02
    first_of_january: float = 0.01
    # Sex.
    sex_wrong: float = 0.004
    # Numbers: of the first identity, then why there is another.
    number_missing_first: float = 0.08
    number_missing_child: float = 0.40
    again_number_slip: float = 0.20  # one digit, or two neighbours
    again_old_number: float = 0.12
    again_other_number: float = 0.02  # a new number after a corrected birth year or sex
    insurance_missing: float = 0.18
    insurance_other: float = 0.02
    phone_missing: float = 0.35
    phone_other: float = 0.15
    # Where the person lives.
    place_missing: float = 0.04
    moved_commune: float = 0.03
    moved_province: float = 0.03
    # Children under 16.
    guardian_missing: float = 0.50
    other_parent: float = 0.20
    same_facility: float = 0.25  # of further identities
    hurried: float = 0.01  # of further identities: an emergency, hardly anything but the name


REALISTIC = Rates()
