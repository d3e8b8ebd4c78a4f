"""Who signs in to a demonstration: one account for each role, with a password that everybody knows. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.accounts.permissions import Role
from ymach.base.text import Text
from ymach.synth.examples import EXAMPLE_CITIZEN

PASSWORD = "ymach-demo-2026"  # noqa: S105 - shown to everybody who starts the demonstration


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of a demonstration: what it shows, and who it is. of: code, licence or number its role is limited to.
    at: code of the facility where it works too."""

    username: str
    full_name: str
    role: Role
    shows: Text
    of: str = ""
    at: str = ""

    @property
    def email(self) -> str:
        """Where letters to it go: nowhere, .example is nobody's; a demonstration shows them on the page /letters."""
        return f"{self.username}@ymach.example"


ACCOUNTS = (
    DemoAccount("bo-y-te", "Phạm Quốc Việt", Role.MINISTRY, Text("Bộ Y tế: cả nước", "Ministry: the country")),
    DemoAccount(
        "bo-y-te-2",
        "Đỗ Minh Châu",
        Role.MINISTRY,
        Text("Bộ Y tế: người xác nhận thứ hai", "Ministry: who confirms as the second"),
    ),
    DemoAccount(
        "so-y-te",
        "Nguyễn Thị Thu",
        Role.DEPARTMENT_ADMIN,
        Text("Sở Y tế Nghệ An: quản trị", "Department of health, Nghệ An: administrator"),
    ),
    DemoAccount(
        "chuyen-vien",
        "Võ Thị Hạnh",
        Role.DEPARTMENT,
        Text("Sở Y tế Nghệ An: chuyên viên", "Department of health, Nghệ An: officer"),
    ),
    DemoAccount("benh-vien", "Hồ Văn Công", Role.FACILITY, Text("Cơ sở 99001", "Facility 99001"), "99001"),
    DemoAccount("benh-vien-2", "Cao Thị Bích", Role.FACILITY, Text("Cơ sở 99002", "Facility 99002"), "99002"),
    DemoAccount("nha-thuoc", "Trịnh Thị Bán Thuốc", Role.FACILITY, Text("Nhà thuốc 99101", "Pharmacy 99101"), "99101"),
    DemoAccount("nha-thuoc-2", "Cù Văn Quầy Mẫu", Role.FACILITY, Text("Nhà thuốc 99102", "Pharmacy 99102"), "99102"),
    DemoAccount(
        "benh-vien-3",
        "Lương Thị Đón",
        Role.FACILITY,
        Text("Cơ sở 99777, nơi nhận người bệnh chuyển đến", "Facility 99777, which receives referrals"),
        "99777",
    ),
    DemoAccount(
        "bac-si",
        "Lê Thị Minh Họa",
        Role.PRACTITIONER,
        Text("Người hành nghề 0099901/BYT-CCHN, khám ở 99001", "Practitioner 0099901/BYT-CCHN, at 99001"),
        "0099901/BYT-CCHN",
        at="99001",
    ),
    DemoAccount(
        "nguoi-dan",
        "Nguyễn Thị Mẫu",
        Role.CITIZEN,
        Text("Người dân, sổ sức khỏe", "Citizen, the health book"),
        EXAMPLE_CITIZEN,
    ),
    DemoAccount(
        "kiem-toan",
        "Đinh Công Minh",
        Role.AUDITOR,
        Text("Kiểm tra: số liệu, nhật ký, sự cố", "Auditor: figures, journal"),
    ),
)
