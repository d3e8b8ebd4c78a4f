"""The side menu: what an account may open, in a few groups that fold. Who holds no word of an entry never sees it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import NoReverseMatch, reverse

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.text import Text

DAILY, DOSSIERS, PERSONAL, REGISTRY, RULES = "daily", "dossiers", "personal", "registry", "rules"
TITLES = {
    DAILY: Text("Việc hằng ngày", "Every day"),
    DOSSIERS: Text("Hồ sơ đã gửi", "Dossiers"),
    PERSONAL: Text("Dữ liệu cá nhân", "Personal data"),
    REGISTRY: Text("Cơ sở, hành nghề", "Facilities, practice"),
    RULES: Text("Quy định, kết nối", "Rules, connections"),
}
COOKIE = "ymach_menu"
"""Which groups a reader unfolded ("rules") or folded ("-daily"), joined with dots; kept by the browser."""
_KEPT = frozenset(sign + key for key in TITLES for sign in ("", "-"))
FEW = 12
"""A menu of so many entries at most is not folded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: the name of its address, its words, its icon, the word it needs."""

    name: str
    label: Text
    icon: str
    needs: Permission
    group: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it."""

    href: str
    label: Text
    icon: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one title. key: as the browser remembers it; is_open: shown unfolded."""

    key: str
    title: Text
    links: tuple[Link, ...]
    is_open: bool


ENTRIES: tuple[Entry, ...] = (
    Entry("today", Text("Hôm nay", "Today"), "pulse", Permission.SUBMISSION_SEND, DAILY),
    Entry("department", Text("Sở hôm nay", "The department today"), "list", Permission.CHANGE_DECIDE, DAILY),
    Entry("registry", Text("Sổ bộ cả nước", "The registry"), "chart", Permission.FIGURE_SEE_COUNTRY, DAILY),
    Entry("country", Text("Toàn cảnh", "The country"), "pulse", Permission.COUNTER_SEE_COUNTRY, DAILY),
    Entry("operations", Text("Vận hành", "Operations"), "route", Permission.PLATFORM_OPERATE, DAILY),
    Entry("patients", Text("Tìm người bệnh", "Find a patient"), "search", Permission.RECORD_LOOKUP, DAILY),
    Entry("worklist", Text("Việc chờ duyệt", "Worklist"), "list", Permission.CHANGE_DECIDE, DAILY),
    Entry("held", Text("Hồ sơ đang giữ", "Held dossiers"), "hold", Permission.HELD_DECIDE, DAILY),
    Entry("deadlines", Text("Hạn theo luật", "Deadlines"), "wait", Permission.CHANGE_DECIDE, DAILY),
    Entry("desk", Text("Chưa có giấy tờ", "Without papers"), "person", Permission.IDENTITY_DESK, DAILY),
    Entry("referrals", Text("Giấy chuyển cơ sở", "Referrals"), "route", Permission.REFERRAL_ANSWER, DAILY),
    Entry("appointments", Text("Lịch hẹn", "Appointments"), "day", Permission.APPOINTMENT_MANAGE, DAILY),
    Entry("dispensing", Text("Bán thuốc theo đơn", "Dispense"), "qr", Permission.PRESCRIPTION_DISPENSE, DAILY),
    Entry("own-records", Text("Sổ sức khỏe", "Health book"), "heart", Permission.RECORD_READ_OWN, DAILY),
    Entry("own-requests", Text("Yêu cầu của tôi", "My requests"), "send", Permission.RECORD_READ_OWN, DAILY),
    Entry("own-consents", Text("Đồng ý chia sẻ", "Consents"), "shield", Permission.CONSENT_GIVE_OWN, DAILY),
    Entry("submissions", Text("Biên nhận", "Receipts"), "receipt", Permission.SUBMISSION_SEE, DOSSIERS),
    Entry("held-own", Text("Hồ sơ Sở giữ", "Held by the department"), "hold", Permission.SUBMISSION_SEND, DOSSIERS),
    Entry("held-provinces", Text("Hồ sơ đang giữ", "Held dossiers"), "hold", Permission.COUNTER_SEE_COUNTRY, DOSSIERS),
    Entry("corrections", Text("Hồ sơ sửa, hủy", "Corrected, cancelled"), "fix", Permission.SUBMISSION_SEE, DOSSIERS),
    Entry("prescriptions", Text("Đơn thuốc", "Prescriptions"), "pill", Permission.RECORD_READ, DOSSIERS),
    Entry("reconciliation", Text("Đối soát ngày", "Close of the day"), "match", Permission.COUNTER_SEE, DOSSIERS),
    Entry("quality", Text("Chất lượng hồ sơ", "Quality of records"), "chart", Permission.COUNTER_SEE, DOSSIERS),
    Entry("audit", Text("Nhật ký truy cập", "Journal"), "eye", Permission.AUDIT_SEE, PERSONAL),
    Entry("consents", Text("Đồng ý, đại diện", "Consents, proxies"), "shield", Permission.CONSENT_RECORD, PERSONAL),
    Entry("requests", Text("Yêu cầu của người dân", "Requests of people"), "fix", Permission.REQUEST_ANSWER, PERSONAL),
    Entry("emergencies", Text("Mở khẩn cấp", "Emergency accesses"), "stuck", Permission.EMERGENCY_REVIEW, PERSONAL),
    Entry("person-pairs", Text("Cặp nghi trùng", "Probable pairs"), "people", Permission.IDENTITY_MATCH, PERSONAL),
    Entry("persons", Text("Số giấy tờ", "Numbers of a person"), "person", Permission.IDENTITY_DESK, PERSONAL),
    Entry("incidents", Text("Sự cố dữ liệu", "Incidents"), "no", Permission.INCIDENT_MANAGE, PERSONAL),
    Entry("registers", Text("Sổ xử lý dữ liệu", "Processing"), "book", Permission.INCIDENT_MANAGE, PERSONAL),
    Entry("profile", Text("Hồ sơ của tôi", "My profile"), "licence", Permission.PROFILE_SEE_OWN, REGISTRY),
    Entry("facilities", Text("Cơ sở", "Facilities"), "house", Permission.FACILITY_SEE, REGISTRY),
    Entry("staff", Text("Nhân sự", "Staff"), "people", Permission.SUBMISSION_SEND, REGISTRY),
    Entry("changes", Text("Yêu cầu thay đổi", "Change requests"), "fix", Permission.CHANGE_PROPOSE, REGISTRY),
    Entry("deadlines", Text("Hạn theo luật", "Deadlines"), "wait", Permission.CHANGE_PROPOSE, REGISTRY),
    Entry("oxygen", Text("Oxy y tế", "Medical oxygen"), "oxygen", Permission.FIGURE_SEE, REGISTRY),
    Entry(
        "licence-lists", Text("Tra cứu giấy phép", "Licence check"), "search", Permission.LICENCE_CHECK_MANY, REGISTRY
    ),
    Entry("accounts", Text("Tài khoản", "Accounts"), "person", Permission.ACCOUNT_MANAGE, REGISTRY),
    Entry("conformance", Text("Kiểm thử phần mềm", "Conformance"), "ok", Permission.SUBMISSION_SEND, RULES),
    Entry("subscriptions", Text("Địa chỉ nhận tin", "Subscriptions"), "send", Permission.SUBSCRIPTION_MANAGE, RULES),
    Entry("findings", Text("Danh mục lưu ý", "Findings"), "book", Permission.COUNTER_SEE, RULES),
    Entry("policies", Text("Chính sách tiếp nhận", "Policy of acceptance"), "shield", Permission.COUNTER_SEE, RULES),
)
NOT_AT_A_COUNTER = frozenset(
    {
        *("today", "desk", "patients", "referrals", "appointments", "submissions", "held-own", "corrections"),
        *("prescriptions", "reconciliation", "quality", "consents", "requests", "emergencies", "person-pairs"),
        *("persons", "findings", "policies"),
    }
)
"""What a pharmacy that sends no dossiers has nothing in."""


def menu_for(actor: Actor, path: str, *, is_counter: bool = False, remembered: str = "") -> tuple[Group, ...]:
    """The groups of links `actor` may open; the link that is open now (`path`) is marked.

    A long menu is folded but for its first group, the group of the page, and what the reader unfolded.
    is_counter: the actor works for a pharmacy, whose menu is short. remembered: the value of COOKIE.
    """
    words = frozenset(word for grant in actor.grants for word in grant.permissions)
    return _menu(words, _here(path), is_counter, _KEPT & set(remembered.split(".")))


@lru_cache(maxsize=1024)
def _menu(words: frozenset[str], here: str, is_counter: bool, remembered: frozenset[str]) -> tuple[Group, ...]:
    groups: dict[str, list[Link]] = {key: [] for key in TITLES}
    for href, entry in _addresses():
        is_there = not is_counter or entry.name not in NOT_AT_A_COUNTER
        if is_there and entry.needs.value in words:
            groups[entry.group].append(Link(href, entry.label, entry.icon, href == here))
    shown = [key for key in groups if groups[key]]
    opened = _opened(shown, sum(map(len, groups.values())), remembered)
    return tuple(
        Group(key, TITLES[key], tuple(groups[key]), key in opened or any(link.is_here for link in groups[key]))
        for key in shown
    )


def _here(path: str) -> str:
    """The address of the entry under which a page lies; of several the nearest."""
    return max((href for href, _ in _addresses() if _covers(href, path)), key=len, default="")


def _covers(href: str, path: str) -> bool:
    """Whether a page lies under an entry's address; of several entries the nearest is meant."""
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def _opened(keys: Sequence[str], count: int, remembered: Collection[str]) -> set[str]:
    """Which groups are unfolded wherever the reader is."""
    usual = keys if count <= FEW else keys[:1]
    return {key for key in keys if key in remembered or (key in usual and f"-{key}" not in remembered)}


@cache
def _addresses() -> tuple[tuple[str, Entry], ...]:
    """The entries that have a page, with its address."""
    return tuple((href, entry) for entry in ENTRIES if (href := _address(entry.name)))


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
