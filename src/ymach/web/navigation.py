"""The side menu: what an account may open, in four groups at most. Who holds no word of an entry never sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.text import Text

DAILY = Text("Việc hằng ngày", "Every day")
DOSSIERS = Text("Hồ sơ đã gửi", "Dossiers")
REGISTRY = Text("Sổ bộ", "Registry")
RULES = Text("Quy định", "Rules")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: the name of its address, its words, its icon, the word it needs."""

    name: str
    label: Text
    icon: str
    needs: Permission
    group: Text


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it."""

    href: str
    label: Text
    icon: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: Text
    links: tuple[Link, ...]


ENTRIES: tuple[Entry, ...] = (
    Entry("today", Text("Hôm nay", "Today"), "pulse", Permission.SUBMISSION_SEND, DAILY),
    Entry("department", Text("Sở hôm nay", "The department today"), "list", Permission.CHANGE_DECIDE, DAILY),
    Entry("registry", Text("Sổ bộ cả nước", "The registry"), "chart", Permission.FIGURE_SEE_COUNTRY, DAILY),
    Entry("country", Text("Toàn cảnh", "The country"), "pulse", Permission.COUNTER_SEE_COUNTRY, DAILY),
    Entry("operations", Text("Vận hành", "Operations"), "route", Permission.PLATFORM_OPERATE, DAILY),
    Entry("patients", Text("Tìm người bệnh", "Find a patient"), "search", Permission.RECORD_LOOKUP, DAILY),
    Entry("referrals", Text("Giấy chuyển cơ sở", "Referrals"), "route", Permission.REFERRAL_ANSWER, DAILY),
    Entry("appointments", Text("Lịch hẹn", "Appointments"), "day", Permission.APPOINTMENT_MANAGE, DAILY),
    Entry("desk", Text("Chưa có giấy tờ", "Without papers"), "person", Permission.IDENTITY_DESK, DAILY),
    Entry("dispensing", Text("Bán thuốc theo đơn", "Dispense"), "qr", Permission.PRESCRIPTION_DISPENSE, DAILY),
    Entry(
        "requests", Text("Yêu cầu của người dân", "Requests of people"), "person", Permission.REQUEST_ANSWER, DOSSIERS
    ),
    Entry("own-records", Text("Sổ sức khỏe", "Health book"), "heart", Permission.RECORD_READ_OWN, DAILY),
    Entry("own-requests", Text("Yêu cầu của tôi", "My requests"), "send", Permission.RECORD_READ_OWN, DAILY),
    Entry("consents", Text("Đồng ý, đại diện", "Consents, proxies"), "shield", Permission.CONSENT_RECORD, DAILY),
    Entry("own-consents", Text("Đồng ý chia sẻ", "Consents"), "shield", Permission.CONSENT_GIVE_OWN, DAILY),
    Entry("worklist", Text("Việc chờ duyệt", "Worklist"), "list", Permission.CHANGE_DECIDE, DAILY),
    Entry("held", Text("Hồ sơ đang giữ", "Held dossiers"), "hold", Permission.HELD_DECIDE, DAILY),
    Entry("person-pairs", Text("Cặp nghi trùng", "Probable pairs"), "people", Permission.IDENTITY_MATCH, REGISTRY),
    Entry("emergencies", Text("Mở khẩn cấp", "Emergency accesses"), "stuck", Permission.EMERGENCY_REVIEW, DAILY),
    Entry("deadlines", Text("Hạn theo luật", "Deadlines"), "wait", Permission.CHANGE_DECIDE, DAILY),
    Entry("audit", Text("Nhật ký truy cập", "Journal"), "eye", Permission.AUDIT_SEE, DAILY),
    Entry("incidents", Text("Sự cố dữ liệu", "Incidents"), "shield", Permission.INCIDENT_MANAGE, DAILY),
    Entry("submissions", Text("Biên nhận", "Receipts"), "receipt", Permission.SUBMISSION_SEE, DOSSIERS),
    Entry("held-own", Text("Hồ sơ Sở giữ", "Held by the department"), "hold", Permission.SUBMISSION_SEND, DOSSIERS),
    Entry("held-provinces", Text("Hồ sơ đang giữ", "Held dossiers"), "hold", Permission.COUNTER_SEE_COUNTRY, DOSSIERS),
    Entry("corrections", Text("Hồ sơ sửa, hủy", "Corrected, cancelled"), "fix", Permission.SUBMISSION_SEE, DOSSIERS),
    Entry("prescriptions", Text("Đơn thuốc", "Prescriptions"), "pill", Permission.RECORD_READ, DOSSIERS),
    Entry("reconciliation", Text("Đối soát ngày", "Close of the day"), "match", Permission.COUNTER_SEE, DOSSIERS),
    Entry("quality", Text("Chất lượng hồ sơ", "Quality of records"), "chart", Permission.COUNTER_SEE, DOSSIERS),
    Entry("profile", Text("Hồ sơ của tôi", "My profile"), "licence", Permission.PROFILE_SEE_OWN, REGISTRY),
    Entry("changes", Text("Yêu cầu thay đổi", "Change requests"), "fix", Permission.CHANGE_PROPOSE, REGISTRY),
    Entry("deadlines", Text("Hạn theo luật", "Deadlines"), "wait", Permission.CHANGE_PROPOSE, REGISTRY),
    Entry("staff", Text("Nhân sự", "Staff"), "people", Permission.SUBMISSION_SEND, REGISTRY),
    Entry("facilities", Text("Cơ sở", "Facilities"), "house", Permission.FACILITY_SEE, REGISTRY),
    Entry("oxygen", Text("Oxy y tế", "Medical oxygen"), "oxygen", Permission.FIGURE_SEE, REGISTRY),
    Entry(
        "licence-lists", Text("Tra cứu giấy phép", "Licence check"), "search", Permission.LICENCE_CHECK_MANY, REGISTRY
    ),
    Entry("accounts", Text("Tài khoản", "Accounts"), "people", Permission.ACCOUNT_MANAGE, REGISTRY),
    Entry("conformance", Text("Kiểm thử phần mềm", "Conformance"), "ok", Permission.SUBMISSION_SEND, RULES),
    Entry("subscriptions", Text("Địa chỉ nhận tin", "Subscriptions"), "send", Permission.SUBSCRIPTION_MANAGE, RULES),
    Entry("registers", Text("Sổ xử lý dữ liệu", "Processing"), "book", Permission.INCIDENT_MANAGE, RULES),
    Entry("findings", Text("Danh mục lưu ý", "Findings"), "book", Permission.COUNTER_SEE, RULES),
    Entry("policies", Text("Chính sách tiếp nhận", "Policy of acceptance"), "shield", Permission.COUNTER_SEE, RULES),
)
NOT_AT_A_COUNTER = frozenset(
    {
        *(
            "today",
            "desk",
            "consents",
            "patients",
            "emergencies",
            "referrals",
            "appointments",
            "submissions",
            "held-own",
            "corrections",
            "prescriptions",
        ),
        *("reconciliation", "quality", "findings", "policies", "person-pairs", "requests"),
    }
)
"""What a pharmacy that sends no dossiers has nothing in."""


def menu_for(actor: Actor, path: str, *, is_counter: bool = False) -> list[Group]:
    """The groups of links `actor` may open; the one that is open now (`path`) is marked.

    is_counter: the actor works for a pharmacy, whose menu is short.
    """
    groups: dict[Text, list[Link]] = {}
    for entry in ENTRIES:
        href = _address(entry.name)
        if is_counter and entry.name in NOT_AT_A_COUNTER:
            continue
        if href and may(actor, entry.needs):
            here = path == href or (href != "/" and path.startswith(f"{href}/"))
            groups.setdefault(entry.group, []).append(Link(href, entry.label, entry.icon, here))
    return [Group(title, tuple(links)) for title, links in groups.items()]


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
