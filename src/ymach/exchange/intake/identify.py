"""Step 7, identify: which person is this? Exact or provisional; never a guess that merges silently."""

from __future__ import annotations

from collections.abc import Sequence

from ymach.base import pg
from ymach.base.findings import FindingKind
from ymach.citizens.identify import Claim, How
from ymach.citizens.queries import identify
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, DossierCase

_FINDING: dict[How, FindingKind] = {
    How.PROVISIONAL: findings.IDENTITY_PROVISIONAL,
    How.CONFLICT: findings.IDENTITY_CONFLICT,
}


def identify_cases(cases: Sequence[Case]) -> None:
    """Look up the persons of all dossiers at once and note how each was found. Writes nothing."""
    found = [(case, one) for case in cases if case.refusal is None for one in case.dossiers]
    if not found:
        return
    with pg.cursor() as cursor:
        identities = identify([claim_of(case, one) for case, one in found], cursor)
    for (_, one), identity in zip(found, identities, strict=True):
        one.identity = identity
        table = "XML0" if one.kind == "check-in" else "XML1"
        kind = _FINDING.get(identity.how)
        if kind is not None:
            one.findings.append(kind.at(table=table, row=1, field="SO_CCCD"))
        if identity.claim.personal_number and identity.claim.personal_key is None:
            one.findings.append(findings.NUMBER_SHAPE.at(table=table, row=1, field="SO_CCCD"))


def claim_of(case: Case, one: DossierCase) -> Claim:
    """What the dossier says about the person."""
    main = one.dossier.visit or one.dossier.check_in
    if main is None:
        raise RuntimeError("a dossier has a visit or a check-in")
    return Claim(
        full_name=main.full_name or "",
        birth=main.birth_date,
        sex=main.sex,
        personal_number=main.personal_number,
        insurance_card=main.insurance_cards[0] if main.insurance_cards else None,
        facility_id=case.sender.facility.id,
        patient_code=main.patient_code,
        dossier_code=one.dossier.code,
    )
