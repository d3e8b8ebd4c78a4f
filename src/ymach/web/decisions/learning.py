"""What the department has seen with its own eyes: diplomas and continuing education."""

from __future__ import annotations

from uuid import UUID

from ymach.base.text import Text
from ymach.practitioners import actions
from ymach.practitioners.models import CmeActivity, Diploma
from ymach.practitioners.queries.profile import CmeView, DiplomaView
from ymach.practitioners.rules.tables import diploma_kinds
from ymach.web import formatting
from ymach.web.decisions.contract import Decision, Taking, Target, ThingGone, Things


def _diplomas(target: Target) -> Things:
    return [(one.id, _diploma_words(one)) for one in target.profile.diplomas if one.verified_at is None]


def _diploma_papers(target: Target) -> Things:
    waiting = [one for one in target.profile.diplomas if one.verified_at is None]
    return [(one.evidence, _diploma_words(one)) for one in waiting if one.evidence is not None]


def _diploma_words(one: DiplomaView) -> Text:
    return _named(diploma_kinds().get(one.kind), one.speciality, one.school, one.number)


def _named(kind: Text | None, *parts: str) -> Text:
    rest = ", ".join(part for part in parts if part)
    return Text(f"{kind.vi}, {rest}", f"{kind.en}, {rest}") if kind else Text(rest, rest)


def _activities(target: Target) -> Things:
    return [(one.id, _cme_words(one)) for one in target.profile.cme_activities if one.verified_at is None]


def _cme_papers(target: Target) -> Things:
    return [(one.evidence, _cme_words(one)) for one in target.profile.cme_activities if one.verified_at is None]


def _cme_words(one: CmeView) -> Text:
    return Text(
        f"{one.topic}, {one.provider}, {formatting.number(one.hours, 'vi')} giờ, {formatting.day(one.on)}",
        f"{one.topic}, {one.provider}, {formatting.number(one.hours, 'en')} hours, {formatting.day(one.on)}",
    )


def _verify_diploma(taking: Taking) -> UUID:
    found = Diploma.objects.filter(pk=taking.about, practitioner=taking.target.person).first()
    if found is None:
        raise ThingGone
    return actions.verify_diploma(diploma=found, by=taking.by, at=taking.at, seen=taking.seen).pk


def _verify_cme(taking: Taking) -> UUID:
    found = CmeActivity.objects.filter(pk=taking.about, practitioner=taking.target.person).first()
    if found is None:
        raise ThingGone
    return actions.verify_cme(activity=found, by=taking.by, at=taking.at, seen=taking.seen).pk


VERIFY_DIPLOMA = Decision(
    word="verify-diploma",
    title=Text("Xác minh văn bằng", "Verify a diploma"),
    lede=Text("Sau khi đối chiếu bản gốc hoặc với nơi cấp.", "After the original or the issuer has been asked."),
    things=_diplomas,
    fields=lambda target: (),
    take=_verify_diploma,
    papers=_diploma_papers,
    button=Text("Đã xác minh", "Verified"),
    done=Text("Văn bằng đã được xác minh.", "The diploma is verified."),
    nothing=Text("Không có văn bằng nào chờ xác minh.", "No diploma waits to be verified."),
    source="Law 15/2023/QH15 Art. 28",
)
VERIFY_CME = Decision(
    word="verify-cme",
    title=Text("Xác minh đào tạo liên tục", "Verify continuing education"),
    lede=Text("Giờ đã xác minh được tính khi gia hạn giấy phép.", "Verified hours count for the renewal."),
    things=_activities,
    fields=lambda target: (),
    take=_verify_cme,
    papers=_cme_papers,
    button=Text("Đã xác minh", "Verified"),
    done=Text("Giờ đào tạo đã được xác minh.", "The hours are verified."),
    nothing=Text("Không có hoạt động nào chờ xác minh.", "No activity waits to be verified."),
    source="Circular 32/2023/TT-BYT Art. 3",
)
