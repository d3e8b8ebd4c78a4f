"""Refusals of changes to practitioners, licences and registrations."""

from __future__ import annotations

from uuid import UUID

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class PractitionerNotFound(NotFound):
    code = "YM-PRACTITIONER-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy người hành nghề, hoặc người này không hiện ra với bạn.",
        "The practitioner was not found, or is not visible to you.",
    )


class PersonalNumberWrong(Invalid):
    code = "YM-PRACTITIONER-PERSONAL-NUMBER-WRONG"
    sentence = Text(
        "Số định danh cần đúng 12 chữ số. Người nước ngoài thì ghi số hộ chiếu và quốc tịch.",
        "A personal number has twelve digits. For foreigners give passport number and nationality.",
    )


class PersonalNumberTaken(Conflict):
    code = "YM-PRACTITIONER-PERSONAL-NUMBER-TAKEN"
    sentence = Text(
        "Số định danh {number} đã có trong hệ thống. Mở hồ sơ người đó thay vì tạo mới.",
        "Personal number {number} is enrolled already. Open that person instead of adding a new one.",
    )


class PersonKnown(Conflict):
    """Who was to be entered as new is enrolled; `practitioner_id` says who. Name and licence are public."""

    code = "YM-PRACTITIONER-KNOWN"
    sentence = Text(
        "Người này đã có trong sổ bộ: {who}. Đăng ký hành nghề theo hồ sơ đó thay vì tạo mới.",
        "This person is in the registry: {who}. Register them by that profile instead of entering them anew.",
    )

    def __init__(self, practitioner_id: UUID, who: str) -> None:
        super().__init__(field="personal_number", who=who)
        self.practitioner_id = practitioner_id


class PassportTaken(Conflict):
    code = "YM-PRACTITIONER-PASSPORT-TAKEN"
    sentence = Text(
        "Hộ chiếu này đã có trong hệ thống. Mở hồ sơ người đó thay vì tạo mới.",
        "This passport is enrolled already. Open that person instead of adding a new one.",
    )


class LicenceNumberTaken(Conflict):
    code = "YM-LICENCE-NUMBER-TAKEN"
    sentence = Text("Số giấy phép {number} đã cấp cho người khác.", "Licence number {number} has been granted already.")


class LicenceNumberWrong(Invalid):
    code = "YM-LICENCE-NUMBER-WRONG"
    sentence = Text("Thiếu số giấy phép hành nghề.", "The licence number is missing.")


class DecisionMissing(Invalid):
    code = "YM-LICENCE-DECISION-MISSING"
    sentence = Text(
        "Ghi số và ngày của quyết định cấp giấy phép.", "Give the number and the day of the decision that grants it."
    )


class DecidedAfterIssue(Invalid):
    code = "YM-LICENCE-DECIDED-AFTER-ISSUE"
    sentence = Text(
        "Ngày quyết định {day} sau ngày cấp giấy phép {issued}. Xem lại hai ngày này.",
        "The decision of {day} is later than the licence of {issued}. Compare the two days.",
    )


class LicenceOverlaps(Conflict):
    code = "YM-LICENCE-OVERLAPS"
    sentence = Text(
        "Người này đã có giấy phép hành nghề trong thời gian đó. Mỗi người chỉ có một giấy phép còn hiệu lực.",
        "This person holds a licence during that time. Each person has one licence in force.",
    )


class LicenceNotInForce(Invalid):
    code = "YM-LICENCE-NOT-IN-FORCE"
    sentence = Text(
        "Giấy phép {number} không có hiệu lực suốt thời gian này.",
        "Licence {number} is not in force throughout this time.",
    )


class SuspensionTooLong(Invalid):
    code = "YM-LICENCE-SUSPENSION-LENGTH"
    sentence = Text(
        "Thời gian đình chỉ phải từ 1 đến 24 tháng.",
        "A suspension lasts from 1 to 24 months.",
    )


class SuspensionOverlaps(Conflict):
    code = "YM-LICENCE-SUSPENSION-OVERLAPS"
    sentence = Text(
        "Giấy phép {number} đã bị đình chỉ trong thời gian này.",
        "Licence {number} is already suspended during this time.",
    )


class LicenceRevoked(Conflict):
    code = "YM-LICENCE-REVOKED"
    sentence = Text("Giấy phép {number} đã bị thu hồi.", "Licence {number} has been revoked already.")


class RegistrationOverlaps(Conflict):
    code = "YM-REGISTRATION-OVERLAPS"
    sentence = Text(
        "Người này đã đăng ký hành nghề nơi khác trùng giờ. Đổi giờ hoặc kết thúc đăng ký kia trước.",
        "This person is registered elsewhere at the same hours. Change the hours or end that registration first.",
    )


class RegistrationGone(Conflict):
    code = "YM-REGISTRATION-GONE"
    sentence = Text(
        "Đăng ký hành nghề này đã bị hủy trước ngày bắt đầu. Tải lại trang để xem tình trạng hiện nay.",
        "This registration was cancelled before it began. Load the page again to see how things stand now.",
    )


class RegistrationTwice(Conflict):
    code = "YM-REGISTRATION-TWICE"
    sentence = Text(
        "Người này đã đăng ký tại cơ sở này trong thời gian đó.",
        "This person is registered at this facility during that time already.",
    )


class FacilityHasHead(Conflict):
    code = "YM-REGISTRATION-HEAD-TAKEN"
    sentence = Text(
        "Cơ sở {facility} đã có người chịu trách nhiệm chuyên môn trong thời gian này.",
        "Facility {facility} has a technical head during this time.",
    )


class HeadOfAnother(Conflict):
    code = "YM-REGISTRATION-HEAD-OF-ANOTHER"
    sentence = Text(
        "Người này đang chịu trách nhiệm chuyên môn ở một cơ sở khác.",
        "This person is the technical head of another facility.",
    )


class LicenceOfSomebodyElse(Invalid):
    code = "YM-REGISTRATION-FOREIGN-LICENCE"
    sentence = Text(
        "Giấy phép {number} không phải của người này.",
        "Licence {number} belongs to somebody else.",
    )


class BirthDateWrong(Invalid):
    code = "YM-PRACTITIONER-BIRTH-DATE-WRONG"
    sentence = Text("Ngày sinh {day} không hợp lý.", "The date of birth {day} cannot be right.")


class PhoneWrong(Invalid):
    code = "YM-PRACTITIONER-PHONE-WRONG"
    sentence = Text(
        "Số điện thoại chưa đúng. Ghi như: 0912 345 678.", "The phone number is not right. Write it like: 0912 345 678."
    )


class EmailWrong(Invalid):
    code = "YM-PRACTITIONER-EMAIL-WRONG"
    sentence = Text(
        "Địa chỉ thư điện tử chưa đúng. Ghi như: ten@coso.vn.", "The e-mail address is not right. Write: name@place.vn."
    )


class LanguageWrong(Invalid):
    code = "YM-PRACTITIONER-LANGUAGE-WRONG"
    sentence = Text(
        "Ngôn ngữ hành nghề ghi bằng mã hai chữ, như vi, en; cần ít nhất một.",
        "Languages of practice are codes of two letters such as vi, en; at least one is needed.",
    )


class LanguageNotForCitizens(Invalid):
    code = "YM-REGISTRATION-LANGUAGE-NOT-FOR-CITIZENS"
    sentence = Text(
        "Chỉ người nước ngoài mới đăng ký hành nghề bằng ngôn ngữ khác tiếng Việt.",
        "Only foreigners register to practise in another language than Vietnamese.",
    )


class TitleUnknown(Invalid):
    code = "YM-LICENCE-TITLE-UNKNOWN"
    sentence = Text("Không có chức danh “{title}”.", "There is no professional title “{title}”.")


class IssuedInFuture(Invalid):
    code = "YM-PRACTITIONER-DAY-IN-FUTURE"
    sentence = Text("Ngày {day} chưa đến.", "The day {day} has not come yet.")


class LicenceTooYoung(Invalid):
    code = "YM-LICENCE-TOO-YOUNG"
    sentence = Text(
        "Ngày cấp giấy phép phải sau khi người này đủ 18 tuổi. Kiểm tra ngày cấp và ngày sinh.",
        "A licence is issued from the age of 18 on. Check the day of issue and the date of birth.",
    )


class PeriodBeforeLicence(Invalid):
    code = "YM-LICENCE-DECISION-OUTSIDE"
    sentence = Text(
        "Ngày {day} nằm ngoài thời gian hiệu lực của giấy phép.", "The day {day} lies outside the licence's validity."
    )


class ConversionWrong(Invalid):
    code = "YM-LICENCE-CONVERSION-WRONG"
    sentence = Text(
        "Chỉ chuyển đổi chứng chỉ hành nghề cũ của chính người này sang giấy phép hành nghề.",
        "Only an old certificate of the same person is converted into a licence.",
    )


class LicenceAlreadyChanged(Conflict):
    code = "YM-LICENCE-CHANGED-LATER"
    sentence = Text(
        "Giấy phép {number} đã có thay đổi từ ngày {day} hoặc sau đó.",
        "Licence {number} has a change from {day} or later already.",
    )


class NothingChanged(Invalid):
    code = "YM-PRACTITIONER-NOTHING-CHANGED"
    sentence = Text("Chưa có gì thay đổi.", "Nothing has been changed.")


class BanCaseUnknown(Invalid):
    code = "YM-BAN-CASE-UNKNOWN"
    sentence = Text("Không có trường hợp cấm hành nghề “{case}”.", "There is no case of a ban “{case}”.")


class BanOverlaps(Conflict):
    code = "YM-BAN-OVERLAPS"
    sentence = Text(
        "Người này đã bị cấm hành nghề trong thời gian đó.", "This person is banned from practice during that time."
    )


class StoppedFromPractice(Invalid):
    code = "YM-REGISTRATION-STOPPED"
    sentence = Text(
        "Người mang giấy phép {number} đang bị đình chỉ hoặc cấm hành nghề theo quyết định {decision}, đến {until}.",
        "The holder of licence {number} is suspended or banned by decision {decision}, until {until}.",
    )


class ScopeNotOfLicence(Invalid):
    code = "YM-REGISTRATION-SCOPE-NOT-OF-LICENCE"
    sentence = Text(
        "Phạm vi {scopes} không có trong giấy phép hành nghề.", "Scope {scopes} is not part of the licence to practise."
    )


class ScopeNotOfFacility(Invalid):
    code = "YM-REGISTRATION-SCOPE-NOT-OF-FACILITY"
    sentence = Text(
        "Phạm vi {scopes} không thuộc phạm vi hoạt động của cơ sở ({facility}).",
        "Scope {scopes} is not within the facility's scope ({facility}).",
    )


class HeadNotFullTime(Invalid):
    code = "YM-REGISTRATION-HEAD-NOT-FULL-TIME"
    sentence = Text(
        "Người chịu trách nhiệm chuyên môn phải làm toàn thời gian tại cơ sở.",
        "The technical head works full-time at the facility.",
    )


class HeadScopeWrong(Invalid):
    code = "YM-REGISTRATION-HEAD-SCOPE"
    sentence = Text(
        "Phạm vi của người chịu trách nhiệm chuyên môn phải thuộc phạm vi hoạt động của cơ sở ({scopes}).",
        "The technical head's scope has to be one of the facility's ({scopes}).",
    )


class HeadTooNew(Invalid):
    code = "YM-REGISTRATION-HEAD-TOO-NEW"
    sentence = Text(
        "Người chịu trách nhiệm chuyên môn cần đủ {months} tháng hành nghề trong phạm vi này; mới có {had} tháng.",
        "A technical head needs {months} months of practice in this scope; there are {had}.",
    )


class DiplomaKindUnknown(Invalid):
    code = "YM-DIPLOMA-KIND-UNKNOWN"
    sentence = Text("Không có loại văn bằng “{kind}”.", "There is no kind of diploma “{kind}”.")


class DiplomaTooEarly(Invalid):
    code = "YM-DIPLOMA-TOO-EARLY"
    sentence = Text(
        "Ngày cấp văn bằng phải sau khi người này đủ 16 tuổi.", "A diploma is issued from the age of 16 on."
    )


class DiplomaTwice(Conflict):
    code = "YM-DIPLOMA-TWICE"
    sentence = Text("Văn bằng này đã có trong hồ sơ.", "This diploma is in the profile already.")


class VerifiedAlready(Conflict):
    code = "YM-PRACTITIONER-VERIFIED-ALREADY"
    sentence = Text("Mục này đã được xác minh.", "This entry has been verified already.")


class CmeHoursWrong(Invalid):
    code = "YM-CME-HOURS-WRONG"
    sentence = Text("Số giờ tín chỉ phải lớn hơn 0 và dưới 1.000.", "Credit hours lie between 0 and 1,000.")


class CmeTwice(Conflict):
    code = "YM-CME-TWICE"
    sentence = Text("Giấy chứng nhận này đã được ghi nhận.", "This certificate has been counted already.")


class TechniqueMissing(Invalid):
    code = "YM-TECHNIQUE-MISSING"
    sentence = Text(
        "Cần mã dịch vụ kỹ thuật và số văn bản giao việc.",
        "The technique's code and the written assignment are needed.",
    )


class TechniqueTwice(Conflict):
    code = "YM-TECHNIQUE-TWICE"
    sentence = Text(
        "Kỹ thuật {technique} đã được giao cho người này trong thời gian đó.",
        "Technique {technique} is assigned to this person during that time.",
    )


class NotRegisteredThere(Invalid):
    code = "YM-PRACTITIONER-NOT-REGISTERED-THERE"
    sentence = Text(
        "Người này không đăng ký hành nghề tại cơ sở {facility} vào ngày {day}.",
        "This person is not registered at facility {facility} on {day}.",
    )


class TooManyTrainees(Invalid):
    code = "YM-SUPERVISION-TOO-MANY"
    sentence = Text(
        "Mỗi người hướng dẫn thực hành nhiều nhất {most} người cùng lúc.",
        "An instructor guides at most {most} trainees at the same time.",
    )


class InstructorTooNew(Invalid):
    code = "YM-SUPERVISION-INSTRUCTOR-TOO-NEW"
    sentence = Text(
        "Người hướng dẫn thực hành cần đủ {months} tháng hành nghề; mới có {had} tháng.",
        "An instructor needs {months} months of practice; there are {had}.",
    )


class SupervisedTwice(Conflict):
    code = "YM-SUPERVISION-TWICE"
    sentence = Text(
        "Người này đã được hướng dẫn thực hành trong thời gian đó.",
        "This trainee is under the same instructor already.",
    )


class MainPlaceTaken(Conflict):
    code = "YM-REGISTRATION-MAIN-TAKEN"
    sentence = Text(
        "Người này đã có nơi hành nghề chính trong thời gian đó.", "This person has a main place during that time."
    )


class RegistrationNotThen(Invalid):
    code = "YM-REGISTRATION-NOT-THEN"
    sentence = Text(
        "Đăng ký hành nghề này không có hiệu lực vào ngày {day}.", "This registration does not hold on {day}."
    )
