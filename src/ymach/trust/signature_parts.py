"""The parts of one `ds:Signature`, read strictly: anything that is not needed by a facility's signature is refused.

The order of children is the one of the W3C schema, because the verifying library reads by that order: what is judged
here and what is run there must be the same elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ymach.base.findings import FindingKind
from ymach.trust import findings
from ymach.trust.algorithms import CANONICALISATIONS, DIGESTS, DS, ENVELOPED, EXCLUSIVE, SIGNATURES
from ymach.trust.certificates import Certificate, load_base64
from ymach.trust.errors import SignatureRefused

Element = Any  # lxml has no types

_NS = f"{{{DS}}}"
_KNOWN_TOP = ("SignedInfo", "SignatureValue", "KeyInfo", "Object")


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """What a signature of a dossier must cover and how large it may be.

    required: for each known root tag, the children of the root that will be read and so must be covered. A root
    that is not listed must be covered whole. The scope is not settled by any text (the gateways' guides disagree), so
    the Reference in the signature decides, as long as these are inside it.
    """

    required: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "GIAMDINHHS": ("THONGTINDONVI", "THONGTINHOSO"),
            "CHI_TIEU_TRANG_THAI_KCB": ("DSACH_TRANG_THAI_KCB",),
        }
    )
    max_signatures: int = 3
    max_references: int = 4
    max_transforms: int = 3
    max_certificates: int = 6
    max_objects: int = 4


@dataclass(frozen=True, slots=True)
class Reference:
    """One signed reference: `target` is "" for the whole document or the Id it points to."""

    target: str
    enveloped: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A signature that has the right shape; nothing is verified yet."""

    node: Element
    algorithm: str
    canonicalisation: str
    references: tuple[Reference, ...]
    certificates: tuple[Certificate, ...]
    objects: tuple[Element, ...]


def refuse(kind: FindingKind, value: str | None = None) -> SignatureRefused:
    return SignatureRefused(kind.at(table=None, field="CHUKYDONVI", value=value))


def read(node: Element, policy: SignaturePolicy) -> Parts:
    """Read one `ds:Signature` element. Raises SignatureRefused when it holds anything but the plain parts."""
    children = list(_children(node))
    names = [_name(child) for child in children]
    _check_order(names, policy)
    algorithm, canonicalisation, references = _signed_info(children[0], policy)
    _leaf_text(children[1])
    objects = tuple(children[3:])
    if any(True for one in objects for _ in one.iter(f"{_NS}Manifest", f"{_NS}Reference", f"{_NS}RetrievalMethod")):
        raise refuse(findings.SIG_NOT_ALLOWED, "Manifest")
    return Parts(node, algorithm, canonicalisation, references, _certificates(children[2], policy), objects)


def _check_order(names: list[str], policy: SignaturePolicy) -> None:
    if names[:2] != ["SignedInfo", "SignatureValue"] or any(name not in _KNOWN_TOP for name in names):
        raise refuse(findings.SIG_MALFORMED, ", ".join(names) or "Signature")
    if names[2:3] != ["KeyInfo"]:
        raise refuse(findings.SIG_NO_CERTIFICATE)
    if any(name != "Object" for name in names[3:]):
        raise refuse(findings.SIG_MALFORMED, ", ".join(names))
    if len(names) - 3 > policy.max_objects:
        raise refuse(findings.SIG_TOO_COMPLEX, f"{len(names) - 3} Object")


def _signed_info(node: Element, policy: SignaturePolicy) -> tuple[str, str, tuple[Reference, ...]]:
    children = list(_children(node))
    names = [_name(child) for child in children]
    if names[:2] != ["CanonicalizationMethod", "SignatureMethod"] or not names[2:]:
        raise refuse(findings.SIG_MALFORMED, "SignedInfo")
    if any(name != "Reference" for name in names[2:]):
        raise refuse(findings.SIG_MALFORMED, "SignedInfo")
    if len(names) - 2 > policy.max_references:
        raise refuse(findings.SIG_TOO_COMPLEX, f"{len(names) - 2} Reference")
    canonicalisation = _canonicalisation(children[0])
    algorithm = _plain_algorithm(children[1])
    if algorithm not in SIGNATURES:
        raise refuse(findings.SIG_WEAK, _short(algorithm))
    return algorithm, canonicalisation, tuple(_reference(child, policy) for child in children[2:])


def _reference(node: Element, policy: SignaturePolicy) -> Reference:
    children = list(_children(node))
    transforms = list(_children(children.pop(0))) if children and _name(children[0]) == "Transforms" else []
    if [_name(child) for child in children] != ["DigestMethod", "DigestValue"]:
        raise refuse(findings.SIG_MALFORMED, "Reference")
    if len(transforms) > policy.max_transforms:
        raise refuse(findings.SIG_TOO_COMPLEX, f"{len(transforms)} Transform")
    digest = _plain_algorithm(children[0])
    if digest not in DIGESTS:
        raise refuse(findings.SIG_WEAK, _short(digest))
    _leaf_text(children[1])
    return Reference(_target(node), _enveloped(transforms), digest)


def _target(node: Element) -> str:
    """ "" for the whole document, or the Id. A missing URI, an outside address or an XPointer is refused."""
    uri = node.get("URI")
    if uri is None:
        raise refuse(findings.SIG_MALFORMED, "Reference URI")
    if uri == "":
        return ""
    name = uri[1:]
    if not uri.startswith("#") or not name or not all(char.isalnum() or char in "-_." for char in name):
        raise refuse(findings.SIG_NOT_ALLOWED, uri)
    return str(name)


def _enveloped(transforms: list[Element]) -> bool:
    """Check the transforms of a reference; whether the first one is enveloped-signature."""
    found = False
    for place, node in enumerate(transforms):
        if _name(node) != "Transform":
            raise refuse(findings.SIG_MALFORMED, "Transforms")
        if node.get("Algorithm") == ENVELOPED:
            if place or len(node):
                raise refuse(findings.SIG_MALFORMED, "Transforms")
            found = True
        else:
            _canonicalisation(node)
    return found


def _canonicalisation(node: Element) -> str:
    algorithm = str(node.get("Algorithm", ""))
    if algorithm not in CANONICALISATIONS:
        raise refuse(findings.SIG_NOT_ALLOWED, _short(algorithm))
    allowed = f"{{{EXCLUSIVE}}}InclusiveNamespaces" if algorithm.startswith(EXCLUSIVE) else None
    if any(child.tag != allowed for child in node) or len(node) > 1:
        raise refuse(findings.SIG_NOT_ALLOWED, _short(algorithm))
    return algorithm


def _plain_algorithm(node: Element) -> str:
    """The Algorithm of a method element, which must have no parameters."""
    if len(node):
        raise refuse(findings.SIG_NOT_ALLOWED, _short(str(node.get("Algorithm", ""))))
    return str(node.get("Algorithm", ""))


def _certificates(key_info: Element, policy: SignaturePolicy) -> tuple[Certificate, ...]:
    nodes = [
        node for data in key_info.iterchildren(f"{_NS}X509Data") for node in data.iterchildren(f"{_NS}X509Certificate")
    ]
    if not nodes:
        raise refuse(findings.SIG_NO_CERTIFICATE)
    if len(nodes) > policy.max_certificates:
        raise refuse(findings.SIG_TOO_COMPLEX, f"{len(nodes)} X509Certificate")
    return tuple(load_base64(_leaf_text(node)) for node in nodes)


def _leaf_text(node: Element) -> str:
    if len(node) or not node.text:
        raise refuse(findings.SIG_MALFORMED, _name(node))
    return str(node.text)


def _children(node: Element) -> Iterator[Element]:
    """The child elements. Comments and instructions inside a signature have no honest use."""
    for child in node:
        if not isinstance(child.tag, str):
            raise refuse(findings.SIG_MALFORMED, "Signature")
        yield child


def _name(node: Element) -> str:
    tag = str(node.tag)
    return tag.removeprefix(_NS) if tag.startswith(_NS) else tag


def _short(algorithm: str) -> str:
    """The part of an algorithm's identifier that people know, e.g. `rsa-sha1`."""
    return algorithm.rpartition("#")[2] or algorithm.rstrip("#").rpartition("/")[2] or "—"
