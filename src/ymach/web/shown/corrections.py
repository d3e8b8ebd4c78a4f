"""What became of dossiers after their receipt, as pages show it: later answers, versions, differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange import queries
from ymach.exchange.corrections.causes import words_of
from ymach.exchange.corrections.differences import Comparison, Difference, What
from ymach.exchange.corrections.queries import CANCELLATION, CANCELLED, CURRENT, Version
from ymach.exchange.corrections.recalling import recalled_by
from ymach.exchange.deliveries.names import words_of as destination_words
from ymach.exchange.models import AmendedReceipt, Cancellation, DossierHead, Submission
from ymach.web import formatting
from ymach.web.named import actor_names
from ymach.web.parts import Alert, Column, Hop, Words
from ymach.web.states import STATES

DIFFERENCE_COLUMNS = [
    Column(Text("Ở đâu", "Where")),
    Column(Text("Trước", "Before")),
    Column(Text("Nay", "Now")),
]
DIFFERENCE_HEADS = (
    *(Text("Phần", "Part"), Text("Dòng", "Line"), Text("Trường", "Field"), Text("Mã trường", "Tag")),
    *(Text("Thay đổi", "Change"), Text("Trước", "Before"), Text("Nay", "Now")),
)
WHAT_WORDS = {
    What.CHANGED: Text("đổi", "changed"),
    What.ADDED: Text("thêm", "added"),
    What.REMOVED: Text("bớt", "removed"),
}
STATE_WORDS = {
    CURRENT: ("accepted", Text("Bản hiện nay", "Present version")),
    "replaced": ("waiting", Text("Đã thay bằng bản mới", "Replaced")),
    CANCELLED: ("rejected", Text("Đã hủy", "Cancelled")),
    CANCELLATION: ("rejected", Text("Hủy hồ sơ", "Cancellation")),
}
RESULTS_ADDED = Text("Bổ sung kết quả", "Results added")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list of a dossier's life."""

    number: int
    badge: str
    word: Text
    at: datetime
    note: Words
    href: str
    is_here: bool


def later(submission: Submission, cancelled: Sequence[Cancellation]) -> list[Hop]:
    """What was answered after the first receipt, in order, each with its signed receipt."""
    amended = list(queries.amendments_of(submission))
    names = actor_names([one.cancelled_by for one in cancelled], vietnam_day(now())) if cancelled else {}
    hops = [
        *(_amended(submission, one) for one in amended),
        *(_cancelled(one, names.get(one.cancelled_by, Text("", ""))) for one in cancelled),
    ]
    return sorted(hops, key=lambda hop: hop.at or submission.received_at)


def may_cancel(actor: Actor, submission: Submission) -> bool:
    """Whether the one dossier of a submission may be cancelled from its receipt; of a file of many each on its own page."""
    if len(submission.dossier_codes) != 1 or not may(actor, Permission.SUBMISSION_SEND):
        return False
    present = DossierHead.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)
    return present.filter(cancelled_at=None).exists()


def outcome_change(one: AmendedReceipt) -> Text:
    """From which outcome to which."""
    before, after = STATES[one.outcome_before].word, STATES[one.outcome_after].word
    if before == after:
        return Text(f"vẫn là “{after.vi}”, lưu ý đã khác", f"still “{after.en}”, with other findings")
    return Text(f"từ “{before.vi}” sang “{after.vi}”", f"from “{before.en}” to “{after.en}”")


def version_lines(versions: Sequence[Version], here: Submission) -> list[VersionLine]:
    """The versions of a dossier, the newest first."""
    return [_line(one, here) for one in versions]


def alerts(versions: Sequence[Version], here: Submission) -> list[Alert]:
    """What a reader must know before reading a version that does not hold."""
    newest = versions[0] if versions else None
    mine = next((one for one in versions if one.submission.id == here.id and one.state != CANCELLATION), None)
    if newest is None or mine is None or mine.state == CURRENT:
        return []
    taken = next(
        (one.cancellation for one in reversed(versions) if one.number > mine.number and one.cancellation), None
    )
    if mine.state == CANCELLED and taken:
        names = actor_names([taken.cancelled_by], vietnam_day(now()))
        who = names.get(taken.cancelled_by, Text("", ""))
        title = Text("Hồ sơ này đã bị cơ sở hủy", "The facility has cancelled this dossier")
        at = formatting.moment(taken.cancelled_at)
        note = Text(
            f"Lúc {at}, {who.vi}: {taken.reason}. Không còn hiệu lực, không hiện trong sổ của người bệnh.",
            f"At {at}, {who.en}: {taken.reason}. It holds no longer and has left the patient's book.",
        )
        return [Alert("bad", "no", title, note)]
    text = Text(f"Bản {mine.number}, đã có bản mới hơn", f"Version {mine.number}; there is a newer one")
    return [Alert("note", "older", text, Text("Xem mục Các bản bên dưới.", "See the versions below."))]


def summary(found: Comparison | None) -> Text:
    """What a version is against the one before, in a few words."""
    if found is None:
        return Text("Bản đầu tiên", "The first version")
    if found.is_same:
        return Text("Không khác bản trước", "No different from the one before")
    if found.only_results:
        return RESULTS_ADDED
    count = len(found.differences) + found.more
    return Text(f"{count} chỗ khác bản trước", f"{count} difference{'s' if count > 1 else ''} from the one before")


def place_of(one: Difference) -> Text:
    """Where a difference stands: the field, or the whole line."""
    if one.what is What.CHANGED:
        return one.label
    return Text(f"{one.title.vi}: {WHAT_WORDS[one.what].vi} dòng", f"{one.title.en}: line {WHAT_WORDS[one.what].en}")


def _line(one: Version, here: Submission) -> VersionLine:
    badge, word = STATE_WORDS[one.state]
    if one.cancellation is not None:
        return VersionLine(one.number, badge, word, one.at, one.cancellation.reason, "", False)
    is_here = one.submission.id == here.id
    note = STATES[one.submission.outcome].word
    href = reverse("dossier", args=[one.submission.id, one.place])
    return VersionLine(one.number, badge, word, one.at, note, "" if is_here else href, is_here)


def _amended(submission: Submission, one: AmendedReceipt) -> Hop:
    state = STATES[one.outcome_after]
    change, reason = outcome_change(one), Text(one.vi, one.en)
    href = reverse("amended-receipt", args=[submission.id, one.number])
    return Hop(
        state.icon,
        words_of(one.cause),
        Text("biên nhận sửa đổi", "amended receipt"),
        state.tone,
        at=one.issued_at,
        href=href,
        also=(change, reason, *_taken_back(one.jws)),
    )


def _cancelled(one: Cancellation, who: Text) -> Hop:
    title = Text(f"Cơ sở hủy hồ sơ {one.code}", f"Dossier {one.code} cancelled by its facility")
    href = reverse("cancellation-receipt", args=[one.submission_id, one.id])
    note = Text("biên nhận hủy", "receipt of the cancellation")
    return Hop("no", title, note, "bad", at=one.cancelled_at, href=href, also=(one.reason, who, *_taken_back(one.jws)))


def _taken_back(receipt: str) -> list[Text]:
    """Who hears that a dossier holds no longer, and where its facility has to see to it."""
    recalled = recalled_by(receipt)
    told = (Text("Nơi nhận được báo", "Told of it"), recalled.told)
    untold = (Text("Cơ sở tự rút ở", "To be withdrawn by the facility at"), recalled.untold)
    return [_named(words, names) for words, names in (told, untold) if names]


def _named(words: Text, names: Sequence[str]) -> Text:
    found = [destination_words(name) for name in names]
    return Text(
        f"{words.vi}: {', '.join(one.vi for one in found)}", f"{words.en}: {', '.join(one.en for one in found)}"
    )
