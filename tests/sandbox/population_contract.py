"""What any national population database must do, written once: run on the stand-in here, and by hand on a real one.

A suite subclasses `PopulationContract` and provides the fixtures `client` (httpx, signed in), `known` and `unknown`.
"""

from __future__ import annotations

import httpx

from ymach.population.contract import PATH, Person, read_answer


def ask(client: httpx.Client, number: str, *, purpose: str = "test") -> httpx.Response:
    return client.post(PATH, json={"number": number, "purpose": purpose})


class PopulationContract:
    """The behaviour on which the channel relies."""

    def test_a_known_number_names_its_person(self, client: httpx.Client, known: Person) -> None:
        answer = ask(client, known.number)
        assert read_answer(answer.status_code, answer.content, known.number) == known

    def test_an_unknown_number_is_said_to_be_unknown(self, client: httpx.Client, unknown: str) -> None:
        answer = ask(client, unknown)
        assert (answer.status_code, answer.json()) == (404, {"code": "unknown-number"})

    def test_the_same_question_has_the_same_answer(self, client: httpx.Client, known: Person) -> None:
        assert ask(client, known.number).content == ask(client, known.number).content

    def test_without_the_right_token_nothing_is_told(self, client: httpx.Client, known: Person) -> None:
        answer = client.post(PATH, json={"number": known.number}, headers={"Authorization": "Bearer wrong"})
        assert answer.status_code == 401
        assert known.number.encode() not in answer.content

    def test_a_question_without_a_purpose_is_refused(self, client: httpx.Client, known: Person) -> None:
        assert ask(client, known.number, purpose="").status_code == 422
