"""The words of the pages for roles, permissions and states, in both languages."""

from __future__ import annotations

from ymach.accounts.permissions import Permission, Role
from ymach.base.text import Text

ROLE_WORDS = {
    Role.MINISTRY: Text("Bộ Y tế", "Ministry of Health"),
    Role.DEPARTMENT: Text("Sở Y tế", "Department of Health"),
    Role.FACILITY: Text("Nhân viên cơ sở", "Facility staff"),
    Role.PRACTITIONER: Text("Người hành nghề", "Practitioner"),
    Role.CITIZEN: Text("Người dân", "Citizen"),
    Role.AUDITOR: Text("Kiểm tra", "Auditor"),
    Role.FACILITY_MACHINE: Text("Phần mềm của cơ sở", "Facility software"),
}

PERMISSION_WORDS = {
    Permission.SUBMISSION_SEND: Text("gửi hồ sơ", "send submissions"),
    Permission.SUBMISSION_SEE: Text("xem biên nhận", "see receipts"),
    Permission.RECORD_READ: Text("đọc hồ sơ bệnh", "read health records"),
    Permission.DELIVERY_SEE: Text("xem nơi nhận", "see deliveries"),
    Permission.COUNTER_SEE: Text("xem số liệu", "see figures"),
    Permission.COUNTER_SEE_COUNTRY: Text("xem số liệu cả nước", "see the figures of the country"),
    Permission.FACILITY_SEE: Text("xem cơ sở", "see facilities"),
    Permission.FACILITY_MANAGE: Text("quản lý cơ sở", "manage facilities"),
    Permission.PRACTITIONER_SEE: Text("xem người hành nghề", "see practitioners"),
    Permission.PRACTITIONER_MANAGE: Text("quản lý người hành nghề", "manage practitioners"),
    Permission.PROFILE_SEE_OWN: Text("xem hồ sơ hành nghề của mình", "see one's own practice profile"),
    Permission.RECORD_READ_OWN: Text("đọc sổ sức khỏe của mình", "read one's own health record"),
    Permission.AUDIT_SEE: Text("xem nhật ký", "see the journal"),
}
