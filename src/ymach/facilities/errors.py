"""Refusals of changes to facilities."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class FacilityNotFound(NotFound):
    code = "YM-FACILITY-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy cơ sở {facility}, hoặc cơ sở không hiện ra với bạn.",
        "Facility {facility} was not found, or is not visible to you.",
    )


class FacilityCodeWrong(Invalid):
    code = "YM-FACILITY-CODE-WRONG"
    sentence = Text(
        "Mã cơ sở “{facility}” chưa đúng: cần 2 chữ số và 3 chữ số hoặc chữ cái in hoa, như 01004.",
        "Facility code “{facility}” is wrong: two digits, then three digits or capital letters, like 01004.",
    )


class GlnWrong(Invalid):
    code = "YM-FACILITY-GLN-WRONG"
    sentence = Text(
        "Mã GLN “{gln}” chưa đúng: cần 13 chữ số, chữ số cuối là số kiểm tra.",
        "GLN “{gln}” is wrong: thirteen digits of which the last is a check digit.",
    )


class FacilityCodeTaken(Conflict):
    code = "YM-FACILITY-CODE-TAKEN"
    sentence = Text(
        "Mã {facility} đang thuộc một cơ sở khác trong thời gian này.",
        "Code {facility} belongs to another facility during this time.",
    )


class GlnTaken(Conflict):
    code = "YM-FACILITY-GLN-TAKEN"
    sentence = Text("Mã GLN {gln} đã cấp cho cơ sở khác.", "GLN {gln} belongs to another facility.")


class OperatingLicenceOverlaps(Conflict):
    code = "YM-OPERATING-LICENCE-OVERLAPS"
    sentence = Text(
        "Cơ sở {facility} đã có giấy phép hoạt động trong thời gian này. Kết thúc giấy phép cũ trước khi cấp mới.",
        "Facility {facility} holds an operating licence during this time. End the old one before granting a new one.",
    )


class OperatingLicenceSuspensionOverlaps(Conflict):
    code = "YM-OPERATING-LICENCE-SUSPENSION-OVERLAPS"
    sentence = Text(
        "Giấy phép hoạt động {number} đã bị đình chỉ trong thời gian này.",
        "Operating licence {number} is already suspended during this time.",
    )


class PeriodWrong(Invalid):
    code = "YM-PERIOD-WRONG"
    sentence = Text(
        "Ngày kết thúc {end} phải sau ngày bắt đầu {start}.",
        "The end {end} has to be after the start {start}.",
    )


class CertificateTaken(Conflict):
    code = "YM-CERTIFICATE-TAKEN"
    sentence = Text(
        "Chứng thư số này đang được một cơ sở đăng ký. Gỡ đăng ký ở đó trước.",
        "This certificate is already registered with a facility. End that registration first.",
    )


class CertificateExpired(Invalid):
    code = "YM-CERTIFICATE-EXPIRED"
    sentence = Text(
        "Chứng thư số đã hết hạn từ {end}. Đăng ký chứng thư mới.",
        "The certificate expired at {end}. Register a new one.",
    )
