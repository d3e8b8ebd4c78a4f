"""The message of Decision 1551/QĐ-BYT (2026) annex 2: a header, Base64 data, and a signature over both.

The annex says "SHA256withRSA over header and data" and not how the two are joined. Ours: the header as compact JSON in
the order of the annex, a dot, the Base64 text of the data.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ymach.base.clock import vietnam_day

VERSION, RECEIVER = "1.0", "TDLBYT"
PUSH, ANSWER = "101", "102"
DATA_TYPE = "xml/base64"


@dataclass(frozen=True, slots=True)
class Header:
    """The message header; the fields in the order of the annex. send_datetime: Unix milliseconds."""

    version: str
    sender_id: str
    receiver_id: str
    txn_type: str
    msg_id: str
    msg_type: str
    data_type: str
    send_datetime: int


def message_id(sender_id: str, idempotency_key: str, created_at: datetime) -> str:
    """sender_id + YYMMDD + a UUIDv4 without dashes, the same for every attempt to send one parcel.

    The UUID is made from the parcel's content instead of chance: the partner knows a message by this number.
    """
    made = UUID(bytes=hashlib.sha256(idempotency_key.encode()).digest()[:16], version=4)
    return f"{sender_id}{vietnam_day(created_at):%y%m%d}{made.hex}"


def signed(header: Header, data: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """The whole message as JSON."""
    head, content = orjson.dumps(header), base64.b64encode(data)
    signature = base64.b64encode(key.sign(head + b"." + content, padding.PKCS1v15(), hashes.SHA256()))
    return b'{"header":' + head + b',"data":"' + content + b'","signature":"' + signature + b'"}'
