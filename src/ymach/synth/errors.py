"""What the synthetic country refuses."""

from __future__ import annotations

from ymach.base.errors import Conflict
from ymach.base.text import Text


class NotADemo(Conflict):
    """Synthetic data do not belong in a real registry."""

    code = "YM-SYNTH-NOT-A-DEMO"
    sentence = Text(
        "Hệ thống này không phải bản trình diễn nên không nhận dữ liệu mô phỏng. Đặt YMACH_DEMO=1 hoặc dùng --into-demo.",
        "This installation is not a demonstration and takes no synthetic data. Set YMACH_DEMO=1 or use --into-demo.",
    )


class NobodyForFault(Conflict):
    """The facility has nobody who could commit this fault."""

    code = "YM-SYNTH-NOBODY"
    sentence = Text(
        "Cơ sở {facility} không có người phù hợp để tạo lỗi “{fault}”.",
        "Facility {facility} has nobody who could make the fault “{fault}”.",
    )


class NoFacility(Conflict):
    """No facility of the registry can write dossiers."""

    code = "YM-SYNTH-NO-FACILITY"
    sentence = Text(
        "Không có cơ sở nào có người kê đơn. Chạy `ymach synth registry` trước.",
        "No facility has anybody who prescribes. Run `ymach synth registry` first.",
    )


class CountryThere(Conflict):
    """One registry holds one synthetic country."""

    code = "YM-SYNTH-THERE"
    sentence = Text(
        "Dữ liệu mô phỏng đã có trong hệ thống; mỗi hệ thống chỉ nạp một lần.",
        "A synthetic country is loaded already; a registry takes one.",
    )
