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


class NoCodeLeft(Conflict):
    code = "YM-FACILITY-NO-CODE-LEFT"
    sentence = Text(
        "Đầu mã {prefix} không còn mã cơ sở nào trống. Nhập mã khác.",
        "No facility code under {prefix} is free. Enter another code.",
    )


class OperatingLicenceNotFound(NotFound):
    code = "YM-OPERATING-LICENCE-NOT-FOUND"
    sentence = Text(
        "Cơ sở {facility} không có giấy phép hoạt động còn hiệu lực vào ngày {day}.",
        "Facility {facility} has no operating licence in force on {day}.",
    )


class OperatingLicenceRevoked(Conflict):
    code = "YM-OPERATING-LICENCE-REVOKED"
    sentence = Text(
        "Giấy phép hoạt động {number} đã bị thu hồi trước đó.",
        "Operating licence {number} has been revoked before.",
    )


class SiteOfSite(Invalid):
    code = "YM-FACILITY-SITE-OF-SITE"
    sentence = Text(
        "Cơ sở {facility} là một địa điểm của cơ sở khác. Chọn cơ sở chính.",
        "Facility {facility} is itself a site of another one. Choose the main facility.",
    )


class BeforeFounding(Invalid):
    code = "YM-FACILITY-BEFORE-FOUNDING"
    sentence = Text(
        "Ngày {day} trước khi cơ sở thành lập ({founded}). Kiểm tra lại ngày hoặc năm thành lập.",
        "{day} is before the facility was founded ({founded}). Check the day or the founding year.",
    )


class FoundedYearWrong(Invalid):
    code = "YM-FACILITY-FOUNDED-YEAR-WRONG"
    sentence = Text(
        "Năm thành lập {year} chưa đúng: cần từ {first} đến {last}.",
        "Founding year {year} is wrong: it has to lie between {first} and {last}.",
    )


class CoordinatesWrong(Invalid):
    code = "YM-FACILITY-COORDINATES-WRONG"
    sentence = Text(
        "Tọa độ {latitude}, {longitude} nằm ngoài lãnh thổ Việt Nam. Kiểm tra lại vĩ độ và kinh độ, có thể bị đổi chỗ.",
        "{latitude}, {longitude} lies outside Viet Nam. Check latitude and longitude; they may be swapped.",
    )


class ChoiceUnknown(Invalid):
    code = "YM-FACILITY-CHOICE-UNKNOWN"
    sentence = Text("“{value}” không có trong danh sách cho phép.", "“{value}” is not one of the choices.")


class TextMissing(Invalid):
    code = "YM-FACILITY-TEXT-MISSING"
    sentence = Text("Mục này không được để trống.", "This must not be blank.")


class EnterpriseNumberWrong(Invalid):
    code = "YM-FACILITY-ENTERPRISE-NUMBER-WRONG"
    sentence = Text(
        "Số “{number}” chưa đúng: cần 10 chữ số, chi nhánh thêm dấu gạch và 3 chữ số.",
        "“{number}” is wrong: ten digits, for a branch a hyphen and three more.",
    )


class WebsiteWrong(Invalid):
    code = "YM-FACILITY-WEBSITE-WRONG"
    sentence = Text(
        "Địa chỉ trang web phải bắt đầu bằng https:// hoặc http://.",
        "The website has to begin with https:// or http://.",
    )


class PhoneWrong(Invalid):
    code = "YM-FACILITY-PHONE-WRONG"
    sentence = Text(
        "Số điện thoại chưa đúng: chỉ dùng chữ số, dấu cách, dấu + và dấu gạch, ít nhất 3 chữ số.",
        "The telephone number is wrong: digits, blanks, + and hyphens, at least three digits.",
    )


class EmailWrong(Invalid):
    code = "YM-FACILITY-EMAIL-WRONG"
    sentence = Text(
        "Địa chỉ thư điện tử chưa đúng, cần dạng ten@noi.vn.",
        "The e-mail address is wrong; write it like name@place.vn.",
    )


class ContactUnreachable(Invalid):
    code = "YM-FACILITY-CONTACT-UNREACHABLE"
    sentence = Text("Cần số điện thoại hoặc thư điện tử.", "A telephone number or an e-mail address is needed.")


class DepartmentCodeWrong(Invalid):
    code = "YM-DEPARTMENT-CODE-WRONG"
    sentence = Text(
        "Mã khoa “{department}” chưa đúng: cần chữ K và 2 chữ số, như K02 hoặc K02.D01.",
        "Department code “{department}” is wrong: K and two digits, like K02 or K02.D01.",
    )


class BedsWrong(Invalid):
    code = "YM-DEPARTMENT-BEDS-WRONG"
    sentence = Text(
        "Khoa {department}: số giường {beds} chưa hợp lý. Số giường thực kê là {actual}, tối đa {most}.",
        "Department {department}: {beds} beds cannot be right. Actual beds are {actual}, at most {most}.",
    )


class Twice(Invalid):
    code = "YM-FACILITY-TWICE"
    sentence = Text("“{value}” được ghi hai lần trong danh sách.", "“{value}” is listed twice.")


class TooLong(Invalid):
    code = "YM-FACILITY-LIST-TOO-LONG"
    sentence = Text("Danh sách có {count} dòng, tối đa {most}.", "The list has {count} lines, at most {most}.")


class EquipmentWrong(Invalid):
    code = "YM-EQUIPMENT-WRONG"
    sentence = Text("Thiết bị “{name}”: {why}.", "Equipment “{name}”: {why_en}.")


class LaterChange(Conflict):
    code = "YM-FACILITY-LATER-CHANGE"
    sentence = Text(
        "Đã có thay đổi ghi từ ngày {day}. Ghi thay đổi mới từ ngày đó trở đi.",
        "A change from {day} on is recorded already. Make the new one from that day on.",
    )


class FactNotFound(NotFound):
    code = "YM-FACILITY-FACT-NOT-FOUND"
    sentence = Text(
        "Mục cần sửa không còn hiệu lực vào ngày {day}. Mở lại hồ sơ cơ sở.",
        "What was to be changed does not hold on {day}. Reload the facility's profile.",
    )


class OxygenKindUnknown(Invalid):
    code = "YM-OXYGEN-KIND-UNKNOWN"
    sentence = Text("Không có loại nguồn oxy “{kind}”.", "There is no kind of oxygen source “{kind}”.")


class OxygenDetailWrong(Invalid):
    code = "YM-OXYGEN-DETAIL-WRONG"
    sentence = Text("{name}: “{value}” chưa đúng, cần {need}.", "{name_en}: “{value}” is wrong, {need_en} is needed.")


class OxygenDetailUnknown(Invalid):
    code = "YM-OXYGEN-DETAIL-UNKNOWN"
    sentence = Text(
        "Nguồn oxy loại này không có mục “{name}”. Bỏ mục đó.",
        "Sources of this kind have no “{name}”. Leave it out.",
    )


class OxygenStateWrong(Invalid):
    code = "YM-OXYGEN-STATE-WRONG"
    sentence = Text(
        "Nguồn oxy đang dừng thì cần lý do trong danh sách; đang chạy thì không có lý do dừng.",
        "A source that is down needs a reason from the list; one that is not has none.",
    )


class OxygenUnitWrong(Invalid):
    code = "YM-OXYGEN-UNIT-WRONG"
    sentence = Text(
        "Nguồn oxy loại {kind} không ghi theo đơn vị “{unit}”.",
        "Consumption from {kind} is not recorded in “{unit}”.",
    )


class OxygenMonthWrong(Invalid):
    code = "YM-OXYGEN-MONTH-WRONG"
    sentence = Text(
        "Tháng {month} chưa đúng: cần ngày đầu của một tháng đã bắt đầu.",
        "Month {month} is wrong: give the first day of a month that has begun.",
    )


class QuantityWrong(Invalid):
    code = "YM-OXYGEN-QUANTITY-WRONG"
    sentence = Text(
        "Lượng “{quantity}” chưa đúng: cần số không âm, tối đa 3 chữ số thập phân.",
        "Quantity “{quantity}” is wrong: not negative, at most three decimals.",
    )
