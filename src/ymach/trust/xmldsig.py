"""XML signatures of dossiers: verify what was received, and know what the signature covers.

The signature sits in `CHUKYDONVI`, at the end of the root or inside `THONGTINDONVI` (letter 2076). It is an enveloped
W3C signature as vendors make it (Decree 188/2025/NĐ-CP art. 69 k9). The tree is the one parsed from the received bytes;
nothing is serialised again and the tree is not changed, so that what is verified is what is read.

Several signatures: a signature over the whole document also covers the ones made before it, so at most one fits the
bytes as received. They are tried from the last to the first; the first that verifies and covers the data is
the facility's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import xmlsec
from lxml import etree

from ymach.base.clock import VIETNAM
from ymach.trust import findings
from ymach.trust.algorithms import CANONICALISATIONS, DIGESTS, DS, SIGNATURES, key_kind_of
from ymach.trust.certificates import Certificate, leaf_of
from ymach.trust.errors import SignatureRefused
from ymach.trust.signature_parts import Parts, SignaturePolicy, read, refuse
from ymach.trust.signing import Signer, sign

__all__ = [
    "Algorithms",
    "Covered",
    "SignaturePolicy",
    "SignatureRefused",
    "Signer",
    "VerifiedSignature",
    "sign",
    "verify",
]

Element = Any  # lxml has no types

POLICY = SignaturePolicy()
_SIGNATURE = f"{{{DS}}}Signature"
_ID_NAMES = ("Id", "ID", "id")
_BY_ID = etree.XPath(
    "//*[@Id=$value or @ID=$value or @id=$value or @*[namespace-uri()!='' and "
    "translate(local-name(),'ID','id')='id' and .=$value]]"
)

# References are answered from the document alone: without these callbacks the library cannot open a file or an address.
xmlsec.cleanup_callbacks()


@dataclass(frozen=True, slots=True)
class Algorithms:
    """Names for people, e.g. "RSA-SHA256", ("SHA-256",), "C14N 1.0"."""

    signature: str
    digests: tuple[str, ...]
    canonicalisation: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What the verified references vouch for. The signature element itself is never covered by an enveloped reference.

    whole: the document but for the signature. elements: the roots of covered parts, when referenced by Id.
    """

    root: Element
    signature: Element
    whole: bool
    elements: tuple[Element, ...]

    def covers(self, element: Element) -> bool:
        """Whether `element`, with everything in it, is vouched for. It must belong to the same parsed tree."""
        node, inside = element, False
        while node is not None:
            if node is self.signature and not inside:
                return False
            if any(node is covered for covered in self.elements):
                inside = True
            if node is self.root:
                return inside or self.whole
            node = node.getparent()
        return False

    def parts(self) -> tuple[str, ...]:
        """Names for reports: the root's tag when the whole document is covered, else the tags of the parts."""
        return (str(self.root.tag),) if self.whole else tuple(str(element.tag) for element in self.elements)


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A signature whose digests and value fit. The certificate's chain is *not* judged here (see `chains`).

    certificate: the signer's. chain: the other certificates that came with it. claimed_at: the signing time the signer
    states (UTC), only when the signature covers it. others: how many further signatures were in CHUKYDONVI.
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    algorithms: Algorithms
    claimed_at: datetime | None
    covered: Covered
    others: int = 0


def verify(root: Element, *, policy: SignaturePolicy = POLICY) -> VerifiedSignature:
    """Verify the facility's signature over a parsed dossier.

    root: the root element of the tree parsed from the received bytes (no DTD, entities not resolved, blanks kept).
    Raises SignatureRefused with a `YM-SIG-…` finding; CertificateRefused (`YM-CRT-MALFORMED`) for an unreadable one.
    """
    required = _required(root, policy)
    _check_no_split_text(root)
    nodes = _signature_nodes(root)
    if not nodes:
        raise refuse(findings.SIG_MISSING)
    if len(nodes) > policy.max_signatures:
        raise refuse(findings.SIG_TOO_COMPLEX, f"{len(nodes)} Signature")
    return _first_that_fits(root, nodes, required, policy)


def _first_that_fits(
    root: Element, nodes: list[Element], required: list[Element], policy: SignaturePolicy
) -> VerifiedSignature:
    refusal: SignatureRefused | None = None
    for node in reversed(nodes):
        try:
            verified = _verify_one(root, node, len(nodes) - 1, policy)
            _check_coverage(verified.covered, required)
            return verified
        except SignatureRefused as refused:
            refusal = refusal or refused
    raise refusal or refuse(findings.SIG_MISSING)


def _verify_one(root: Element, node: Element, others: int, policy: SignaturePolicy) -> VerifiedSignature:
    parts = read(node, policy)
    leaf = leaf_of(parts.certificates)
    if leaf.key_kind != key_kind_of(parts.algorithm):
        raise refuse(findings.SIG_MALFORMED, f"{SIGNATURES[parts.algorithm]} / {leaf.key_kind}")
    context = xmlsec.SignatureContext()
    targets = _register_targets(root, parts, context)
    _run(context, node, leaf)
    covered = Covered(root, node, any(ref.target == "" for ref in parts.references), targets)
    return VerifiedSignature(
        certificate=leaf,
        chain=tuple(other for other in parts.certificates if other != leaf),
        algorithms=_names(parts),
        claimed_at=_claimed_at(parts, covered),
        covered=covered,
        others=others,
    )


def _run(context: Any, node: Element, leaf: Certificate) -> None:
    context.key = _key(leaf)
    try:
        context.verify(node)
    except xmlsec.Error as broken:
        raise refuse(findings.SIG_BROKEN) from broken


@lru_cache(maxsize=4096)
def _key(leaf: Certificate) -> xmlsec.Key:
    # A context copies the key it is given and never writes to it, so one object serves every thread.
    return xmlsec.Key.from_memory(leaf.public_der(), xmlsec.constants.KeyDataFormatDer)


def _register_targets(root: Element, parts: Parts, context: Any) -> tuple[Element, ...]:
    """Find the element of every `#Id`, alone of its Id, and tell the library that exactly this one is meant."""
    targets = []
    for reference in parts.references:
        if reference.target == "":
            continue
        found = _BY_ID(root, value=reference.target)
        if not found:
            raise refuse(findings.SIG_BROKEN, f"#{reference.target}")
        name = next((name for name in _ID_NAMES if found[0].get(name) == reference.target), None)
        if len(found) > 1 or name is None:
            raise refuse(findings.SIG_WRAPPED, f"Id {reference.target}")
        context.register_id(found[0], name, None)
        targets.append(found[0])
    return tuple(targets)


def _required(root: Element, policy: SignaturePolicy) -> list[Element]:
    """The elements that will be read: each once in the document, and a child of the root."""
    tree = root.getroottree()
    if root.getparent() is not None or tree.docinfo.internalDTD is not None:
        raise refuse(findings.SIG_MALFORMED, "DOCTYPE")
    names = policy.required.get(str(root.tag))
    if names is None:
        return [root]
    return [_only_child(root, name) for name in names]


def _only_child(root: Element, name: str) -> Element:
    everywhere = list(root.iter(f"{{*}}{name}"))
    if not everywhere:
        raise refuse(findings.SIG_COVERS_TOO_LITTLE, name)
    if len(everywhere) > 1 or everywhere[0].getparent() is not root or everywhere[0].tag != name:
        raise refuse(findings.SIG_WRAPPED, name)
    return everywhere[0]


def _check_no_split_text(root: Element) -> None:
    """Canonical XML drops comments, but a reader sees only the text before one: 990<!-- -->01 would be read as 990."""
    for node in root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity):
        parent = node.getparent()
        if isinstance(node, etree._Entity) or (parent is not None and _has_text(parent)):
            raise refuse(findings.SIG_WRAPPED, "…" if parent is None else str(parent.tag))


def _has_text(element: Element) -> bool:
    pieces = [element.text, *(child.tail for child in element)]
    return any(piece and not piece.isspace() for piece in pieces)


def _signature_nodes(root: Element) -> list[Element]:
    """The signatures at the two places where CHUKYDONVI may stand, in document order."""
    places = [*root.iterchildren("THONGTINDONVI"), root]
    holders = [holder for place in places for holder in place.iterchildren("CHUKYDONVI")]
    return [node for holder in holders for node in holder.iterchildren(_SIGNATURE)]


def _check_coverage(covered: Covered, required: list[Element]) -> None:
    if covered.whole:
        return
    missing = [str(element.tag) for element in required if not covered.covers(element)]
    if missing:
        raise refuse(findings.SIG_COVERS_TOO_LITTLE, ", ".join(missing))


def _names(parts: Parts) -> Algorithms:
    return Algorithms(
        signature=SIGNATURES[parts.algorithm],
        digests=tuple(dict.fromkeys(DIGESTS[reference.digest] for reference in parts.references)),
        canonicalisation=CANONICALISATIONS[parts.canonicalisation],
    )


def _claimed_at(parts: Parts, covered: Covered) -> datetime | None:
    """XAdES `SigningTime`, or the one vendors put in SignatureProperties; without a zone it is Vietnam time."""
    for holder in parts.objects:
        for node in holder.iter("{*}SigningTime"):
            if covered.covers(node):
                return _moment(str(node.text or "").strip())
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
