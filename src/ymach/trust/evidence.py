"""What a verified signature says, whatever its kind: XML (`xmldsig`) or JSON (`detached`)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ymach.trust.certificates import Certificate


class AlgorithmNames(Protocol):
    """Names for people, e.g. "RSA-SHA256"."""

    @property
    def signature(self) -> str: ...


class Coverage(Protocol):
    """What the signature vouches for."""

    def parts(self) -> tuple[str, ...]:
        """Names for reports: the root of the whole document, or of the covered parts."""


class Evidence(Protocol):
    """A signature whose value fits. Whether its certificate can be relied on is judged apart (`chains`).

    claimed_at: the signing time (UTC) the signer states under the signature; None when none is stated.
    """

    @property
    def certificate(self) -> Certificate: ...
    @property
    def chain(self) -> tuple[Certificate, ...]: ...
    @property
    def algorithms(self) -> AlgorithmNames: ...
    @property
    def covered(self) -> Coverage: ...
    @property
    def claimed_at(self) -> datetime | None: ...
