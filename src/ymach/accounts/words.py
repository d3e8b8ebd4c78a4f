"""What a role is called, in both languages."""

from __future__ import annotations

from ymach.accounts.permissions import Role
from ymach.base.text import Text

ROLE_WORDS = {
    Role.MINISTRY: Text("Bộ Y tế", "Ministry of Health"),
    Role.DEPARTMENT: Text("Chuyên viên Sở Y tế", "Department officer"),
    Role.DEPARTMENT_ADMIN: Text("Quản trị Sở Y tế", "Department administrator"),
    Role.FACILITY: Text("Nhân viên cơ sở", "Facility staff"),
    Role.PRACTITIONER: Text("Người hành nghề", "Practitioner"),
    Role.CITIZEN: Text("Người dân", "Citizen"),
    Role.AUDITOR: Text("Kiểm tra", "Auditor"),
    Role.FACILITY_MACHINE: Text("Phần mềm của cơ sở", "Facility software"),
}
