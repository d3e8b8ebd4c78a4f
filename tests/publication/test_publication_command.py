"""`ymach verify publication`: exit code 0 when what is published equals the registry."""

from importlib import import_module
from random import Random

import orjson
import pytest
from click.testing import CliRunner
from tests.support.factories import make_licence

from ymach.cli.bench.asking import Person
from ymach.cli.verify import verify


@pytest.mark.django_db
def test_the_command_proves_the_publication() -> None:
    make_licence()
    done = CliRunner().invoke(verify, ["publication", "--json"])
    assert done.exit_code == 0
    assert orjson.loads(done.output) == {"published": 1, "licences": 1, "differences": 0, "missing_words": 0}


def test_the_benchmark_knows_a_right_answer_from_a_wrong_one() -> None:
    questions = import_module("ymach.cli.bench.search").questions  # the package shows the command under that name
    person = Person("Trần Minh Đức", "tran minh duc", "000123/HCM-GPHN")
    hit = orjson.dumps({"licences": [{"name": person.name, "number": person.number}], "near": [], "more": False})
    miss = orjson.dumps({"licences": [], "near": [], "more": False})
    for kind, question in questions([person], 60, Random(1)):
        assert question.is_right(hit), kind
        assert not question.is_right(miss), kind
