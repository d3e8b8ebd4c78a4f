"""The words of the pages for permissions and states, in both languages."""

from __future__ import annotations

from ymach.accounts.permissions import Permission
from ymach.base.text import Text
from ymach.exchange.deliveries.names import words_of

PERMISSION_WORDS = {
    Permission.SUBMISSION_SEND: Text("gửi hồ sơ", "send submissions"),
    Permission.SUBMISSION_SEE: Text("xem biên nhận", "see receipts"),
    Permission.RECORD_READ: Text("đọc hồ sơ bệnh", "read health records"),
    Permission.DELIVERY_SEE: Text("xem nơi nhận", "see deliveries"),
    Permission.DELIVERY_REPLAY: Text("cho gửi lại tới nơi nhận", "send deliveries again"),
    Permission.COUNTER_SEE: Text("xem số liệu", "see figures"),
    Permission.COUNTER_SEE_COUNTRY: Text("xem số liệu cả nước", "see the figures of the country"),
    Permission.FACILITY_SEE: Text("xem cơ sở", "see facilities"),
    Permission.FACILITY_MANAGE: Text("quản lý cơ sở", "manage facilities"),
    Permission.PRACTITIONER_SEE: Text("xem người hành nghề", "see practitioners"),
    Permission.PRACTITIONER_MANAGE: Text("quản lý người hành nghề", "manage practitioners"),
    Permission.PROFILE_SEE_OWN: Text("xem hồ sơ hành nghề của mình", "see one's own practice profile"),
    Permission.RECORD_READ_OWN: Text("đọc sổ sức khỏe của mình", "read one's own health record"),
    Permission.AUDIT_SEE: Text("xem nhật ký", "see the journal"),
    Permission.ACCOUNT_MANAGE: Text("quản lý tài khoản", "manage accounts"),
    Permission.CHANGE_SEND: Text("gửi đăng ký hành nghề từ phần mềm", "send practice registrations from software"),
    Permission.CHANGE_PROPOSE: Text("đề nghị thay đổi hồ sơ", "propose changes of a profile"),
    Permission.CHANGE_DECIDE: Text("quyết định thay đổi hồ sơ", "decide changes of a profile"),
    Permission.PROFILE_CONFIRM: Text("xác nhận hồ sơ còn đúng", "confirm that a profile is right"),
    Permission.LICENCE_CHECK_MANY: Text("tra cứu giấy phép hàng loạt", "check licences in bulk"),
    Permission.IDENTITY_VERIFY: Text("xác minh danh tính", "verify identities"),
    Permission.IDENTITY_DESK: Text("cấp vòng tay, nối danh tính", "give wristbands and link identities"),
    Permission.IDENTITY_MATCH: Text("quyết định hai danh tính có là một", "decide whether two identities are one"),
    Permission.FIGURE_SEE: Text("xem con số sổ bộ", "see the registry's figures"),
    Permission.FIGURE_SEE_COUNTRY: Text("xem con số sổ bộ cả nước", "see the registry's figures of the country"),
    Permission.REGISTRY_FOLLOW: Text("theo dõi thay đổi sổ bộ", "follow changes of the registry"),
    Permission.EVENT_FOLLOW: Text("theo dõi tin về hồ sơ đã gửi", "follow what happens to submissions"),
    Permission.SUBSCRIPTION_MANAGE: Text("đặt địa chỉ nhận tin tự động", "set addresses that are told by themselves"),
    Permission.REFERRAL_ANSWER: Text("trả lời giấy chuyển cơ sở", "answer referrals"),
    Permission.APPOINTMENT_MANAGE: Text("quản lý lịch hẹn", "manage appointments"),
    Permission.PRESCRIPTION_DISPENSE: Text("bán thuốc theo đơn", "dispense prescriptions"),
    Permission.HELD_DECIDE: Text("quyết định hồ sơ đang giữ", "decide held dossiers"),
    Permission.POLICY_EDIT: Text("sửa chính sách tiếp nhận", "change the policy of acceptance"),
    Permission.INCIDENT_MANAGE: Text("xử lý sự cố dữ liệu", "manage incidents of data protection"),
    Permission.REQUEST_ANSWER: Text("trả lời yêu cầu về dữ liệu cá nhân", "answer requests about personal data"),
    Permission.RECORD_LOOKUP: Text("tìm người bệnh", "look patients up"),
    Permission.RECORD_EMERGENCY: Text("mở hồ sơ khi cấp cứu", "open records in an emergency"),
    Permission.EMERGENCY_REVIEW: Text("xem lại các lần mở khẩn cấp", "review emergency accesses"),
    Permission.CONSENT_RECORD: Text("ghi đồng ý, người đại diện", "record consents and who acts for whom"),
    Permission.CONSENT_GIVE_OWN: Text("đồng ý và rút đồng ý của mình", "give and withdraw one's own consents"),
    Permission.PLATFORM_OPERATE: Text("vận hành hệ thống", "operate the platform"),
}

RECORD_KIND_WORDS = {
    "check-in": Text("Tiếp nhận", "Check-in"),
    "visit": Text("Lượt khám, điều trị", "Visit"),
    "prescription": Text("Đơn thuốc", "Prescription"),
    "referral": Text("Giấy chuyển cơ sở", "Referral"),
    "appointment": Text("Giấy hẹn khám lại", "Appointment"),
    "discharge": Text("Giấy ra viện", "Discharge paper"),
    "summary": Text("Tóm tắt hồ sơ bệnh án", "Summary"),
    "birth-certificate": Text("Giấy chứng sinh", "Birth certificate"),
    "pregnancy-rest": Text("Giấy nghỉ dưỡng thai", "Pregnancy rest certificate"),
    "sick-leave": Text("Giấy nghỉ việc hưởng BHXH", "Sick leave certificate"),
    "assessment": Text("Giám định y khoa", "Medical assessment"),
    "hiv-care": Text("Chăm sóc HIV", "HIV care"),
    "tuberculosis-care": Text("Điều trị lao", "Tuberculosis care"),
    "health-book": Text("Dị ứng, tiêm chủng, sổ sức khỏe", "Allergies, vaccinations, health book"),
}

DELIVERY_WORDS = {
    "waiting": Text("chờ gửi", "waiting"),
    "sending": Text("đang gửi", "sending"),
    "delivered": Text("đã giao", "delivered"),
    "refused": Text("bên nhận từ chối", "refused by the receiver"),
    "stuck": Text("tắc", "stuck"),
    "withdrawn": Text("đã rút, không gửi", "withdrawn, not sent"),
}
SEX_WORDS = {"1": Text("Nam", "Male"), "2": Text("Nữ", "Female"), "3": Text("Chưa xác định", "Undetermined")}


def destination_words(name: str) -> Text:
    """A destination in words; one we have no word for is shown by its name."""
    return words_of(name)


def record_words(kind: str) -> Text:
    """A kind of record in words."""
    return RECORD_KIND_WORDS.get(kind, Text(kind, kind))
