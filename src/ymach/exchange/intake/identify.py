"""Step 7, identify: which person is this? Exact or provisional; never a guess that merges silently."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ymach.base.findings import FindingKind
from ymach.citizens.identify import Claim, How, Identity
from ymach.citizens.queries import ask_identities
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, DossierCase

_FINDING: dict[How, FindingKind] = {
    How.PROVISIONAL: findings.IDENTITY_PROVISIONAL,
    How.CONFLICT: findings.IDENTITY_CONFLICT,
}


def ask_identities_of_cases(cases: Sequence[Case]) -> Callable[[], None]:
    """Look up the persons of all dossiers at once; calling the result notes how each was found. Writes nothing."""
    found = [(case, one) for case in cases if case.refusal is None for one in case.dossiers]
    identities = ask_identities([claim_of(case, one) for case, one in found])
    return lambda: _note(found, identities())


def _note(found: Sequence[tuple[Case, DossierCase]], identities: Sequence[Identity]) -> None:
    for (_, one), identity in zip(found, identities, strict=True):
        one.identity = identity
        table = "XML0" if one.kind == "check-in" else "XML1"
        kind = _FINDING.get(identity.how)
        if kind is not None:
            one.findings.append(kind.at(table=table, row=1, field="SO_CCCD"))
        if _is_misshapen(identity.claim):
            one.findings.append(findings.NUMBER_SHAPE.at(table=table, row=1, field="SO_CCCD"))


def _is_misshapen(claim: Claim) -> bool:
    """Whether a number was written that is none; the code of a wristband is one."""
    return bool(claim.personal_number) and claim.personal_key is None and claim.provisional_key is None


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
        **_to_compare_by(one.dossier),
    )


def _to_compare_by(dossier: Dossier) -> dict[str, str | None]:
    """What finds nobody by itself, but tells later whether two identities are one person."""
    visit, book = dossier.visit, dossier.health_book
    guardian = book.guardian if book else None
    return {
        "province_code": visit.province_code if visit else None,
        "commune_code": visit.commune_code if visit else None,
        "phone": visit.phone if visit else None,
        "guardian": guardian.full_name if guardian else None,
    }
