"""Every column that is kept is labelled by what it says of a person: a new one without a label stops here."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from ymach.base.data_labels import ALL, Label, columns_with, label_of, labels

OF_DJANGO = re.compile(r"auth_|django_content_type")
OF_A_PERSON = re.compile(
    r"(^|_)(citizen_id|practitioner_id|user_id|personal_number|full_name|phone|email|birth_\w+|password|diagnosis\w*)$"
)


def columns() -> dict[str, set[str]]:
    """Columns of every table, as the models have them."""
    return {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields if field.column}
        for model in apps.get_models()
        if not OF_DJANGO.match(model._meta.db_table)
    }


def test_every_column_has_one_label_and_no_label_is_left_over() -> None:
    kept, labelled = columns(), labels()
    assert kept.keys() - labelled.keys() == set(), "add the table to base/data/data_labels.csv"
    for table, names in labelled.items():
        if ALL not in names and table in kept:
            assert set(names) == kept[table], f"label the columns of {table} in base/data/data_labels.csv"


def test_what_is_a_persons_is_never_labelled_as_nothing() -> None:
    unlabelled = [
        f"{table}.{column}"
        for table, names in columns().items()
        for column in names
        if OF_A_PERSON.search(column) and label_of(table, column) is Label.NONE
    ]
    assert set(unlabelled) == {"facilities_facility.email", "facilities_facility.phone"}, "those of an organisation"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("exchange_record", "summary"),
        ("exchange_submission_content", "content"),
        ("citizens_paper", "content"),
        ("accounts_user", "password"),
        ("citizens_request", "words"),
    ],
)
def test_health_pictures_of_papers_and_secrets_are_sensitive(table: str, column: str) -> None:
    assert label_of(table, column) is Label.SENSITIVE
    assert column in columns_with(Label.SENSITIVE)[table]
