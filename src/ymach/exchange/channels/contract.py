"""What every channel to a partner is: one method, one kind of parcel, one family of errors.

ChannelError
├── PartnerAway         no connection, a broken one, or the partner says that it is out of order
├── PartnerTooSlow      no answer in time; the parcel may have arrived all the same
├── WrongAnswer         an answer that is not in the partner's contract
├── SignInRefused       our account is refused: an operator must look
├── AccountRefused      the account of one facility or doctor is refused
├── WrongContent        the file is in a format this destination does not take
├── AddressRefused      a subscriber's address leads to where nothing of ours may go
├── NotSent             a fault of ours on the way to the partner
└── RefusedByPartner    the partner looked at the parcel and does not take it; sending it again would not help
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol
from uuid import UUID

from ymach.base.errors import YmachError
from ymach.base.text import Text

CANCELLATION = "cancellation"
"""The cause of what takes a dossier back; with ":" and a number where an amended receipt does."""
NOBODY, LONG_AGO = UUID(int=0), datetime(2000, 1, 1, tzinfo=UTC)


def takes_back(cause: str) -> bool:
    """Whether a delivery with this cause tells that a dossier holds no longer, instead of bringing it."""
    return cause.partition(":")[0] == CANCELLATION


@dataclass(frozen=True, slots=True)
class Parcel:
    """One signed file on its way to one destination.

    facility_code: 5 characters. kind: "visit" or "check-in", with dossier_code and version of the file's first dossier.
    digest: SHA-256 of the signed bytes. load: fetches those bytes, exactly as received, when they are about to be sent.
    id: of the delivery; submission_id: of what was sent. created_at: when it was received, aware. cause: why it is
    sent beside the first time.
    """

    destination: str
    facility_code: str
    kind: str
    dossier_code: str
    version: int
    digest: bytes
    load: Callable[[], bytes] = field(repr=False, compare=False)
    id: UUID = NOBODY
    submission_id: UUID = NOBODY
    created_at: datetime = LONG_AGO
    cause: str = ""

    @property
    def takes_back(self) -> bool:
        return takes_back(self.cause)

    @property
    def last_version(self) -> int:
        """The last version it is about: a cancellation by the facility takes a number of its own, the one after it."""
        return self.version - 1 if self.cause == CANCELLATION else self.version

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt to send this parcel, and for no other: sender and content, or what is taken back."""
        sent = f"{self.facility_code}:{self.digest.hex()}"
        return f"{sent}:{self.kind}:{self.dossier_code}:{self.version}" if self.takes_back else sent


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """The partner has it. reference: its number for this parcel. received_at: its time, aware, in UTC.

    kept: its answer in its own words, without personal data, to be stored with the delivery.
    """

    reference: str
    received_at: datetime
    kept: dict[str, Any]


class Channel(Protocol):
    """A way to one partner. Safe under threads; keeps its connections and its session between parcels."""

    patience: timedelta
    """The longest a `send` may take."""
    needs_content: bool
    """Whether it sends the signed bytes, or something made from them."""

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Hand over one parcel, at least once: sending the same one again changes nothing at the partner.

        Raises ChannelError. Only a RefusedByPartner is permanent.
        """
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...


class ChannelError(YmachError):
    """A parcel did not get through. `blames_partner`: whether other parcels to the same partner would fail as well.

    answer: what the partner said, if it said anything, to be kept with the delivery.
    """

    status = 502
    permanent = False
    blames_partner: ClassVar[bool] = True

    def __init__(self, *, answer: dict[str, Any] | None = None, **values: object) -> None:
        super().__init__(field=None, **values)
        self.answer = answer


class PartnerAway(ChannelError):
    code = "YM-DELIVERY-PARTNER-AWAY"
    sentence = Text(
        "Nơi nhận tạm nghỉ ({why}). Biên nhận vẫn có giá trị; hệ thống tự gửi tiếp.",
        "The destination is away ({why}). The receipt stays valid; sending goes on by itself.",
    )


class PartnerTooSlow(ChannelError):
    code = "YM-DELIVERY-PARTNER-TOO-SLOW"
    sentence = Text(
        "Nơi nhận chưa trả lời sau {seconds} giây. Hệ thống tự gửi lại; nơi nhận nhận ra hồ sơ đã có.",
        "The destination did not answer within {seconds} seconds. It is sent again; the destination knows what it has.",
    )


class WrongAnswer(ChannelError):
    code = "YM-DELIVERY-WRONG-ANSWER"
    sentence = Text(
        "Nơi nhận trả lời sai quy ước: {why}. Hệ thống tự gửi lại.",
        "The destination's answer breaks its own contract: {why}. It is sent again.",
    )


class SignInRefused(ChannelError):
    code = "YM-DELIVERY-SIGN-IN-REFUSED"
    sentence = Text(
        "Nơi nhận không cho tài khoản của hệ thống đăng nhập (mã {result}). Quản trị kiểm tra tài khoản và mật khẩu kết nối.",
        "The destination refuses the system's account (code {result}). An operator checks the account and its password.",
    )


class RefusedByPartner(ChannelError):
    code = "YM-DELIVERY-REFUSED"
    permanent = True
    blames_partner = False
    sentence = Text(
        "Nơi nhận không nhận hồ sơ (mã {result}): {message}. Sửa hồ sơ rồi gửi bản mới, giữ nguyên mã hồ sơ.",
        "The destination refuses the dossier (code {result}): {message}. Correct it and send a new version under the same code.",
    )


class AccountRefused(ChannelError):
    """Like SignInRefused, but of one sender's account among many: other parcels get through."""

    code = "YM-DELIVERY-ACCOUNT-REFUSED"
    blames_partner = False
    sentence = Text(
        "Nơi nhận không cho tài khoản {account} đăng nhập. Cơ sở kiểm tra mã liên thông và mật khẩu; hệ thống tự gửi lại.",
        "The destination refuses the account {account}. The facility checks its code and password; it is sent again.",
    )


class WrongContent(ChannelError):
    code = "YM-DELIVERY-WRONG-CONTENT"
    permanent = True
    blames_partner = False
    sentence = Text(
        "Nơi nhận này chỉ nhận hồ sơ dạng {why}; hồ sơ này ở dạng khác.",
        "This destination takes only files in the format {why}; this one is in another.",
    )


class AddressRefused(ChannelError):
    """An address of somebody's own leads to where nothing of ours may go."""

    code = "YM-DELIVERY-ADDRESS-REFUSED"
    sentence = Text(
        "Địa chỉ {host} không dùng được: cần https tới một máy chủ công khai, cổng 443 hoặc 8443.",
        "The address {host} cannot be used: it must be https to a public server, port 443 or 8443.",
    )


class NotSent(ChannelError):
    code = "YM-DELIVERY-NOT-SENT"
    blames_partner = False
    sentence = Text(
        "Hệ thống chưa gửi được hồ sơ này vì lỗi của chính hệ thống. Hệ thống tự gửi lại; quản trị xem nhật ký.",
        "The system could not send this dossier through a fault of its own. It is sent again; an operator reads the log.",
    )
