"""What any insurance portal must do, written once: run on the stand-in here, and by hand on a real test portal.

A suite subclasses `PortalContract` and provides the fixture `door`.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import dataclass

import httpx

DOSSIERS, CHECK_INS = "api/qd130/guiHoSoXmlQD3176", "api/qd130/checkInKcbQd3176"


@dataclass(frozen=True)
class Door:
    """Where the portal is, and the account to use."""

    client: httpx.Client
    username: str
    password: str

    @property
    def password_hash(self) -> str:
        return hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest().upper()

    def sign_in(self) -> dict[str, str]:
        """The headers of a session."""
        form = {"username": self.username, "password": self.password_hash}
        answer = self.client.post("api/token/take", data=form).json()
        key = answer.get("APIKey", answer)
        return {
            "accessToken": key["access_token"],
            "tokenId": key["id_token"],
            "passwordHash": self.password_hash,
        }

    def send(self, headers: dict[str, str], content: bytes, *, path: str = DOSSIERS, **changes: str) -> dict[str, str]:
        form = {
            "username": self.username,
            "loaiHoSo": "130" if path == DOSSIERS else "0",
            "maTinh": "99",
            "maCSKCB": "99001",
            "fileHSBase64": base64.b64encode(content).decode(),
            **changes,
        }
        answer: dict[str, str] = self.client.post(path, data=form, headers=headers).json()
        return answer


class PortalContract:
    """The behaviour on which the channel relies."""

    def test_a_session_carries_both_tokens(self, door: Door) -> None:
        headers = door.sign_in()
        assert headers["accessToken"]
        assert headers["tokenId"]

    def test_a_wrong_password_is_refused_with_401(self, door: Door) -> None:
        form = {"username": door.username, "password": "0" * 32}
        assert str(door.client.post("api/token/take", data=form).json()["maKetQua"]) == "401"

    def test_a_dossier_is_taken_with_a_number_and_a_time(self, door: Door) -> None:
        answer = door.send(door.sign_in(), _fresh())
        assert str(answer["maKetQua"]) == "200"
        assert answer["maGiaoDich"]
        assert re.fullmatch(r"\d{14}", answer["thoiGianTiepNhan"])

    def test_a_check_in_is_taken(self, door: Door) -> None:
        assert str(door.send(door.sign_in(), _fresh(), path=CHECK_INS)["maKetQua"]) == "200"

    def test_the_same_bytes_give_the_same_number(self, door: Door) -> None:
        headers, content = door.sign_in(), _fresh()
        assert door.send(headers, content)["maGiaoDich"] == door.send(headers, content)["maGiaoDich"]

    def test_other_bytes_give_another_number(self, door: Door) -> None:
        headers = door.sign_in()
        assert door.send(headers, _fresh())["maGiaoDich"] != door.send(headers, _fresh())["maGiaoDich"]

    def test_without_a_session_nothing_is_taken(self, door: Door) -> None:
        assert str(door.send({}, _fresh())["maKetQua"]) == "401"

    def test_a_wrong_password_hash_beside_good_tokens_is_refused(self, door: Door) -> None:
        headers = {**door.sign_in(), "passwordHash": "0" * 32}
        assert str(door.send(headers, _fresh())["maKetQua"]) == "401"

    def test_a_file_that_is_no_base64_is_refused(self, door: Door) -> None:
        assert str(door.send(door.sign_in(), b"", fileHSBase64="???")["maKetQua"]) != "200"

    def test_a_kind_that_does_not_fit_the_path_is_refused(self, door: Door) -> None:
        assert str(door.send(door.sign_in(), _fresh(), loaiHoSo="0")["maKetQua"]) != "200"


def _fresh() -> bytes:
    return f"<GIAMDINHHS>{os.urandom(8).hex()}</GIAMDINHHS>".encode()
