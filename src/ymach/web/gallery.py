"""Made-up contents for the gallery: every component in every state."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ymach.base.text import Text
from ymach.citizens.links.levels import Level
from ymach.places.map import country_map
from ymach.web import charts, formatting, maps
from ymach.web.parts import (
    Alert,
    Column,
    Fact,
    Hop,
    Key,
    Measure,
    Pages,
    Rank,
    Stat,
    Tab,
    Todo,
    Trend,
    Trouble,
)
from ymach.web.shown.assurance import assured

AT = datetime(2026, 11, 20, 7, 26, 31, tzinfo=UTC)
DAY = date(2026, 11, 20)
FORTNIGHT = (61, 64, 63, 22, 9, 66, 68, 66, 65, 66, 25, 10, 69, 70)

TO_DO = [
    Todo(
        "bad",
        "no",
        Text("14 hồ sơ không được nhận.", "14 dossiers were rejected."),
        Text("11 hồ sơ ký bằng chứng thư đã thu hồi.", "11 were signed with a revoked certificate."),
        Text(
            "Sửa rồi gửi lại trước 17:00 để kịp đối soát hôm nay.",
            "Mend and send again before 17:00, in time for today's close.",
        ),
        Text("Sửa 14 hồ sơ", "Mend 14 dossiers"),
        "#todo",
    ),
    Todo(
        "hold",
        "hold",
        Text("Sở Y tế đang giữ 6 hồ sơ.", "The department holds 6 dossiers."),
        Text("Lịch đăng ký hành nghề của 2 bác sĩ chưa khớp.", "The registrations of 2 doctors do not match."),
        Text(
            "Bổ sung đăng ký thì hồ sơ tự được nhận. Không gửi lại.",
            "Complete the registration and they are accepted by themselves.",
        ),
        Text("Xem đăng ký", "See registrations"),
        "#todo",
    ),
    Todo(
        "note",
        "key",
        Text("Chứng thư số còn 18 ngày,", "The certificate has 18 days left,"),
        Text("hết hạn 08/12/2026.", "it expires 08/12/2026."),
        Text("Đổi chứng thư thường mất 5 ngày làm việc.", "A new one usually takes 5 working days."),
        Text("Đổi chứng thư", "Renew"),
        "#todo",
    ),
]

STATS = [
    Stat(Text("Đã gửi", "Sent"), 2418, Text("hôm qua 2.899", "yesterday 2,899"), "send", "", "#stats", FORTNIGHT),
    Stat(Text("Đã nhận", "Accepted"), 2361, Text("97,6 %", "97.6%"), "ok", "good", "#stats", FORTNIGHT),
    Stat(
        Text("Nhận, có lưu ý", "With findings"),
        37,
        Text("nên sửa, không gấp", "mend when you can"),
        "note",
        "note",
        "#stats",
        (3, 5, 4, 7, 6),
    ),
    Stat(
        Text("Sở đang giữ", "Held"),
        6,
        Text("lâu nhất 1 giờ 52 phút", "longest 1 h 52 min"),
        "hold",
        "hold",
        "#stats",
        (1, 0, 4, 2, 6),
    ),
    Stat(
        Text("Không nhận", "Rejected"),
        14,
        Text("sửa rồi gửi lại", "mend and send again"),
        "no",
        "bad",
        "#stats",
        (9, 4, 14, 3, 14),
    ),
]

FACTS = [
    Fact(
        Text("Số giấy phép", "Licence number"),
        "999012/BYT-GPHN",
        Text("Bộ Y tế cấp 14/03/2024", "Ministry of Health, 14/03/2024"),
    ),
    Fact(
        Text("Chứng thư", "Certificate"),
        Text("Còn 18 ngày", "18 days left"),
        Text("hết hạn 08/12/2026", "expires 08/12/2026"),
        "note",
    ),
    Fact(Text("Chữ ký", "Signature"), Text("Đã thu hồi", "Revoked"), Text("18/11/2026", "18/11/2026"), "bad"),
    Fact(
        Text("Dấu nội dung (SHA-256)", "Digest (SHA-256)"),
        "9f3c61d0a7b244e1 9c0d5f6ab7e28011 3ac95d7e2b6f4a08 c1e39d5570b69f02",
        is_code=True,
    ),
]

HOPS = [
    Hop("ok", Text("Đã tới Ymạch", "Reached Ymạch"), Text("nội dung nguyên vẹn", "content untouched"), "good", at=AT),
    Hop(
        "sent",
        Text("Cổng giám định BHYT", "Insurance portal"),
        Text("đã giao sau 2 giây", "delivered after 2 s"),
        "good",
        at=AT,
    ),
    Hop(
        "wait",
        Text("Sổ sức khỏe điện tử", "Health book"),
        Text("bên nhận tạm nghỉ; tự gửi tiếp lúc 14:40", "away; sent again at 14:40"),
        "wait",
    ),
    Hop(
        "stuck",
        Text("Bệnh viện Tuyến Trên Mẫu", "Sample Referral Hospital"),
        Text("tắc từ 11:05", "stuck since 11:05"),
        "bad",
    ),
]

TROUBLES = [
    Trouble(
        "bad",
        "YM-SIG-REVOKED",
        Text("Chữ ký của bác sĩ ký bằng chứng thư đã bị thu hồi.", "The doctor signed with a revoked certificate."),
        Text(
            "Nhờ bác sĩ ký lại bằng chứng thư mới rồi gửi lại, giữ nguyên mã hồ sơ.",
            "Sign again with a new certificate and send again.",
        ),
        "Điều 15 Nghị định 23/2025/NĐ-CP",
        href="#finding",
        more=Text("10 hồ sơ khác cùng lỗi", "10 more like this"),
    ),
    Trouble(
        "note",
        "YM-TIME-APPOINTMENT",
        Text("Ngày hẹn khám lại sớm hơn ngày ra viện.", "The appointment is before the discharge."),
        Text(
            "Hẹn 12/11/2026, ra viện 20/11/2026. Có thể gõ nhầm tháng.",
            "Appointment 12/11/2026, discharge 20/11/2026. Perhaps the month.",
        ),
        where=Text("XML14, dòng 1, ô NGAY_HEN_KL", "XML14, row 1, NGAY_HEN_KL"),
    ),
    Trouble(
        "hold",
        "YM-STANDING-HOURS",
        Text("Người mổ chưa đăng ký làm việc ở đây vào ngày này.", "The surgeon was not registered here on that day."),
        Text(
            "Bổ sung đăng ký hành nghề; Sở đang giữ hồ sơ.",
            "Complete the registration; the department holds the dossier.",
        ),
    ),
]

COLUMNS = [
    Column(Text("Hồ sơ", "Dossier"), "?sort=id"),
    Column(Text("Nhận lúc", "Received"), "?sort=at", "descending"),
    Column(Text("Kết quả", "Outcome")),
    Column(Text("Điều cần biết", "What to know")),
    Column(Text("Đã giao", "Delivered"), is_number=True),
]

ROWS = [
    ("99001.26.118204", Text("Ngoại trú, Khám bệnh", "Outpatient"), "accepted", "", "2 / 3"),
    (
        *("99001.26.118198", Text("Ngoại trú, Nhi", "Outpatient, paediatrics"), "accepted_with_findings"),
        Text(
            "Trẻ dưới 72 tháng chưa ghi cân nặng trong đơn thuốc",
            "A child under 72 months has no weight on the prescription",
        ),
        "3 / 3",
    ),
    (
        *("99001.26.118190", Text("Nội trú, Ngoại", "Inpatient, surgery"), "held"),
        Text("Người mổ đăng ký làm việc ở đây từ 23/11", "The surgeon is registered here from 23/11"),
        "0 / 3",
    ),
    (
        *("99001.26.118177", Text("Ngoại trú, Răng", "Outpatient, dental"), "rejected"),
        Text("Chữ ký bằng chứng thư đã thu hồi", "Signed with a revoked certificate"),
        "0 / 3",
    ),
]

TABS = [
    Tab(Text("Tất cả", "All"), "#tabs", True, 2418),
    Tab(Text("Không nhận", "Rejected"), "#tabs", False, 14, "bad"),
    Tab(Text("Có lưu ý", "With findings"), "#tabs", False, 37),
]

PAGES = Pages("#newer", "#older", Text("50 dòng mỗi trang", "50 rows a page"))

MEASURES = [
    Measure(
        Text("Đúng", "Right"),
        98.6,
        Text("khớp sổ bộ vào giờ khám", "agrees with the registry at that hour"),
        99,
        0.2,
        href="#four",
    ),
    Measure(
        Text("Đủ", "Complete"), 94.1, Text("có đủ mục phải có", "has all that must be there"), 97, 0.9, href="#four"
    ),
    Measure(
        Text("Sạch", "Clean"),
        96.8,
        Text("không trùng, không sai mã", "no doubles, no wrong codes"),
        98,
        0.4,
        href="#four",
    ),
    Measure(
        Text("Sống", "Alive"),
        87.3,
        Text("được xác nhận trong 30 ngày", "confirmed within 30 days"),
        95,
        -0.6,
        href="#four",
        is_here=True,
    ),
]

RANKS = [
    Rank(
        Text("Sở Y tế Lai Châu", "Lai Châu"),
        71.6,
        Text("Chưa có người xác nhận ở 31 trạm", "Nobody confirms at 31 stations"),
        "#ranked",
        60,
    ),
    Rank(
        Text("Sở Y tế Điện Biên", "Điện Biên"),
        73,
        Text("Mạng yếu: 44 trạm gửi dồn cuối tuần", "Weak lines: 44 stations send at weekends"),
        "#ranked",
        60,
    ),
]

ALERTS = [
    Alert(
        "bad",
        "stuck",
        Text("Dị ứng penicillin: phản vệ độ II", "Penicillin allergy: anaphylaxis grade II"),
        Text("2021, đã xác nhận", "2021, confirmed"),
    ),
    Alert("note", "pill", Text("Đang dùng thuốc chống đông", "Takes an anticoagulant"), "Apixaban"),
]

TRENDS = [
    Trend(
        "HbA1c",
        "%",
        (7.2, 7.4, 7.9, 8.3, 8.1, 8.6),
        4.0,
        6.5,
        "8,6",
        "bad",
        "up",
        Text("cao, tăng dần", "high, rising"),
        "18/11/2026",
    ),
    Trend(
        "eGFR",
        "ml/phút",
        (62, 58, 54, 48, 42, 37),
        60,
        None,
        "37",
        "bad",
        "fall",
        Text("giảm nhanh", "falling fast"),
        "18/11/2026",
    ),
    Trend(
        "LDL-C",
        "mmol/l",
        (3.4, 2.9, 2.4, 2.0, 1.9, 1.8),
        None,
        2.6,
        "1,8",
        "",
        "fall",
        Text("đạt mục tiêu", "on target"),
        "02/09/2026",
    ),
    Trend(
        Text("Kali máu", "Potassium"),
        "mmol/l",
        (5.3,),
        3.5,
        5.0,
        "5,3",
        "note",
        "flat",
        Text("hơi cao", "slightly high"),
        "18/11/2026",
    ),
]

_RHYTHM = (39, 99, 187, 260, 279, 266, 220, 182, 124, 43, 30, 90, 161, 220, 193)
BARS = charts.bars(
    [
        charts.Column(
            f"{7 + i // 2:02d}:00" if i % 4 == 0 else "",
            (("good", value), ("note", value // 60)),
            below=(0, 0, 1, 2, 1, 1, 2, 2, 1, 0, 0, 5, 2, 2, 1)[i],
        )
        for i, value in enumerate(_RHYTHM)
    ]
    + [charts.Column("15:00" if i == 1 else "", is_to_come=True) for i in range(7)]
)
BAR_KEYS = [
    Key("good", Text("Đã nhận", "Accepted")),
    Key("note", Text("Nhận, có lưu ý", "With findings")),
    Key(
        "bad",
        Text("Dưới vạch, mỗi nấc một hồ sơ: giữ lại, không nhận", "Below the line, one notch each: held, rejected"),
    ),
]
MAP_VALUES = {outline.province_code: 70 + i * 0.8 for i, outline in enumerate(country_map().outlines)}
MAP = maps.fill(
    country_map(), MAP_VALUES, (78, 84, 88, 92), lambda value: formatting.percent(value, "vi"), ("12", "11", "04")
)
MAP_KEYS = maps.keys_of((78, 84, 88, 92), lambda value: formatting.percent(value, "vi"))
FIELD_CHOICES = [("", Text("Tất cả khoa", "All departments")), ("n", Text("Nhi", "Paediatrics"))]
CHIPS = [(Text("Từ 07:00", "From 07:00"), "#table")]
EXPORTS = [("CSV", "#csv"), ("Excel", "#excel")]
LEVELS = [assured(level) for level in Level]
