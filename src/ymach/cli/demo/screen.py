"""What the demonstration says in the terminal: its progress, who may sign in, where to look."""

from __future__ import annotations

import time

from rich.console import Console
from rich.table import Table

from ymach.base.text import Text

PLAIN_WIDTH = 120
HINTS = (
    Text(
        "so-y-te: /worklist, việc chờ duyệt, có việc quá hạn; /department, tỉnh hôm nay", "what waits for a department"
    ),
    Text("bo-y-te: /registry, sổ bộ cả nước bằng số; /country, dòng hồ sơ; /letters, thư hệ thống", "the country"),
    Text(
        "benh-vien-3: /referrals, người bệnh chuyển đến; benh-vien: /appointments, lịch hẹn", "referrals, appointments"
    ),
    Text("benh-vien: /desk, người bệnh chưa có giấy tờ: vòng tay, nối danh tính", "patients without papers"),
    Text("so-y-te: /persons/pairs, hai danh tính nghi là một người, chờ trả lời", "probable pairs of identities"),
    Text("benh-vien: /changes, yêu cầu của cơ sở; /submissions, hồ sơ đã gửi và biên nhận", "a hospital's day"),
    Text("bac-si (mật khẩu hoặc VNeID): /profile; có một bệnh viện mời, chờ xác nhận ở /changes", "a doctor"),
    Text(
        "bac-si: /patients, tìm 999168000017 (từng khám ở đây), 999049000021 (vừa được chuyển tới), 999185000033 (chỉ cấp cứu)",
        "patients: one's own, one referred, one for an emergency",
    ),
    Text(
        "kiem-toan: /audit, ai đã xem dữ liệu của ai; /incidents, sự cố; /registers", "journal, incidents, processing"
    ),
    Text("nguoi-dan (mật khẩu hoặc VNeID): /records, sổ sức khỏe, ai đã xem, thẻ khẩn cấp", "a citizen's health book"),
    Text("Không đăng nhập: /licences, ai cũng tra được giấy phép hành nghề", "anybody checks a licence"),
)


class Screen:
    """The terminal, or whatever takes its place."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.console = Console(highlight=False)
        if not self.console.is_terminal:
            self.console.width = PLAIN_WIDTH

    def say(self, vi: str, en: str = "") -> None:
        """One line of progress, with the seconds since the start."""
        aside = f"  [dim]{en}[/]" if en else ""
        self.console.print(f"[dim]{time.monotonic() - self.begun:5.1f} s[/]  {vi}{aside}")

    def count(self, sent: int, more: int) -> None:
        """How many dossiers are sent, the last `more` just now: one line that moves, or one a hundred."""
        if self.console.is_terminal or sent // 100 != (sent - more) // 100:
            self.console.print(f"         {sent} hồ sơ", end="\r" if self.console.is_terminal else "\n")

    def show_sign_ins(self, base_url: str) -> None:
        """The address, an account of every role, and what to look at with it."""
        from ymach.synth.sign_ins import ACCOUNTS, PASSWORD

        table = Table(title=f"Ymạch: {base_url}", title_style="bold", title_justify="left")
        for name in ("Tên · User", "Mật khẩu · Password", "Vai · Role"):
            table.add_column(name)
        for one in ACCOUNTS:
            table.add_row(one.username, PASSWORD, one.shows.vi)
        self.say(f"[bold green]Sẵn sàng[/]: {base_url}", "ready")
        self.console.print(table)
        for hint in HINTS:
            self.console.print(f"  • {hint.vi}  [dim]{hint.en}[/]")
