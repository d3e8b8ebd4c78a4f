"""Refusals about accounts, invitations and delegations."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, YmachError
from ymach.base.text import Text


class OutsideReach(NotAllowed):
    """The account, or the role to be given, is not of the actor's own unit."""

    code = "YM-ACCOUNT-OUTSIDE"
    sentence = Text(
        "Tài khoản hoặc vai trò này thuộc đơn vị khác. Mỗi Sở quản lý tài khoản của tỉnh mình, mỗi cơ sở của cơ sở mình.",
        "This account or role belongs to another unit. A department manages the accounts of its own province, "
        "a facility its own.",
    )


class AccountNotFound(NotFound):
    code = "YM-ACCOUNT-NOT-FOUND"
    sentence = Text("Không có tài khoản này trong đơn vị của bạn.", "There is no such account in your unit.")


class NotYourself(Conflict):
    code = "YM-ACCOUNT-NOT-YOURSELF"
    sentence = Text(
        "Không ai tự ngừng tài khoản hoặc vai trò của chính mình. Nhờ một quản trị khác.",
        "Nobody suspends their own account or ends their own role. Ask another administrator.",
    )


class LastAdministrator(Conflict):
    code = "YM-ACCOUNT-LAST-ADMINISTRATOR"
    sentence = Text(
        "Đây là quản trị cuối cùng còn hoạt động của đơn vị. Mời thêm một quản trị trước, rồi làm lại.",
        "This is the last active administrator of the unit. Invite another one first, then try again.",
    )


class HasOtherRoles(Conflict):
    code = "YM-ACCOUNT-HAS-OTHER-ROLES"
    sentence = Text(
        "Người này còn vai trò ở đơn vị khác, nên không ngừng cả tài khoản được. Kết thúc vai trò ở đơn vị mình là đủ.",
        "This person also holds a role elsewhere, so the account cannot be suspended. End the role in your unit instead.",
    )


class ReasonMissing(Invalid):
    code = "YM-ACCOUNT-REASON"
    sentence = Text("Viết lý do, một câu là đủ.", "Say why; one sentence is enough.")


class NameMissing(Invalid):
    code = "YM-ACCOUNT-NAME"
    sentence = Text("Gõ họ tên đầy đủ, có dấu.", "Type the full name.")


class EmailWrong(Invalid):
    code = "YM-ACCOUNT-EMAIL"
    sentence = Text("Địa chỉ thư chưa đúng. Ví dụ ten@donvi.vn.", "The e-mail address is not right, e.g. name@unit.vn.")


class PasswordWeak(Invalid):
    """why: a Text-free reason is never given; the sentence says what a password needs."""

    code = "YM-ACCOUNT-PASSWORD"
    sentence = Text(
        "Mật khẩu cần từ 10 ký tự, không nằm trong các mật khẩu hay bị đoán. Bốn từ không liên quan nhau là dễ nhớ nhất.",
        "A password needs 10 characters or more and must not be a common one. Four unrelated words are easiest to remember.",
    )


class InvitationError(YmachError):
    """An invitation that cannot be used. Each kind has its code and says what to do."""


class InvitationUnknown(InvitationError, NotFound):
    code = "YM-INVITATION-UNKNOWN"
    sentence = Text(
        "Liên kết mời này không đúng. Mở lại đúng liên kết trong thư mời, hoặc nhờ nơi mời gửi lại thư.",
        "This invitation link is not right. Open the link in the letter again, or ask who invited you for a new one.",
    )


class InvitationExpired(InvitationError):
    code = "YM-INVITATION-EXPIRED"
    status = 410
    sentence = Text(
        "Thư mời đã hết hạn lúc {expired}. Nhờ nơi mời gửi lại: họ chỉ cần bấm “Gửi lại”.",
        "The invitation expired at {expired}. Ask who invited you to press “Send again”.",
    )


class InvitationUsed(InvitationError):
    code = "YM-INVITATION-USED"
    status = 410
    sentence = Text(
        "Thư mời này đã dùng rồi. Đăng nhập bằng tài khoản đã tạo.",
        "This invitation has been used. Sign in with the account that was made.",
    )


class InvitationWithdrawn(InvitationError):
    code = "YM-INVITATION-WITHDRAWN"
    status = 410
    sentence = Text(
        "Nơi mời đã rút lại thư mời này. Nếu là nhầm lẫn, liên hệ nơi mời.",
        "This invitation has been withdrawn. If that is a mistake, ask who invited you.",
    )


class InvitationVoid(InvitationError):
    code = "YM-INVITATION-VOID"
    status = 410
    sentence = Text(
        "Thư mời đã bị hủy vì số định danh khai sai {most} lần. Liên hệ Sở Y tế để xác minh rồi nhận thư mới.",
        "The invitation is void: a wrong personal number was stated {most} times. Ask the department to check and invite "
        "you again.",
    )


class WrongPersonalNumber(InvitationError):
    """left: how many attempts remain."""

    code = "YM-INVITATION-NUMBER"
    status = 422
    sentence = Text(
        "Số định danh này không khớp hồ sơ hành nghề. Xem lại trên căn cước; còn {left} lần.",
        "This number does not match the practitioner's profile. Check your identity card; {left} attempts left.",
    )


class SignInFirst(InvitationError):
    code = "YM-INVITATION-SIGN-IN"
    status = 409
    sentence = Text(
        "Địa chỉ thư này đã có tài khoản. Đăng nhập tài khoản đó rồi mở lại liên kết: vai trò mới được thêm vào.",
        "There is an account for this address already. Sign in to it and open the link again: the new role is added.",
    )


class OtherAccount(InvitationError):
    code = "YM-INVITATION-OTHER-ACCOUNT"
    status = 409
    sentence = Text(
        "Bạn đang đăng nhập một tài khoản khác với địa chỉ được mời. Đăng xuất rồi mở lại liên kết.",
        "You are signed in to another account than the one invited. Sign out and open the link again.",
    )


class AlreadyInvited(Conflict):
    code = "YM-INVITATION-TWICE"
    sentence = Text(
        "Địa chỉ này đã được mời cho đúng vai trò này. Bấm “Gửi lại” ở thư mời cũ thay vì mời lần nữa.",
        "This address is invited to this role already. Press “Send again” there instead.",
    )


class AlreadyMember(Conflict):
    code = "YM-INVITATION-MEMBER"
    sentence = Text("Người này đã có vai trò này.", "This person holds the role already.")


class SentTooOften(TooMany):
    code = "YM-INVITATION-SENT-TOO-OFTEN"
    permanent = True
    sentence = Text(
        "Thư mời này đã gửi {most} lần. Kiểm tra địa chỉ thư rồi mời bằng địa chỉ khác.",
        "This invitation has been sent {most} times. Check the address and invite another one.",
    )


class NotSettledAnyMore(Conflict):
    code = "YM-INVITATION-SETTLED"
    sentence = Text(
        "Thư mời này không còn mở: đã dùng, đã rút hoặc đã hủy.",
        "This invitation is no longer open: used, withdrawn or void.",
    )


class DelegationTerm(Invalid):
    code = "YM-DELEGATION-TERM"
    sentence = Text(
        "Ủy quyền cần ngày bắt đầu từ hôm nay trở đi và ngày kết thúc sau đó, dài nhất 12 tháng.",
        "A delegation begins today or later and ends after that, within 12 months.",
    )


class DelegationTooMuch(NotAllowed):
    code = "YM-DELEGATION-TOO-MUCH"
    sentence = Text(
        "Chỉ ủy quyền được những việc chính bạn đang được làm, và chỉ trong thời hạn vai trò của bạn.",
        "You can lend only what you hold yourself, and only for as long as you hold it.",
    )


class DelegationAgain(NotAllowed):
    code = "YM-DELEGATION-AGAIN"
    sentence = Text(
        "Vai trò này là do người khác ủy quyền cho bạn nên không ủy quyền tiếp được.",
        "This role was lent to you, so it cannot be lent on.",
    )


class NotColleagues(NotAllowed):
    code = "YM-DELEGATION-COLLEAGUES"
    sentence = Text(
        "Chỉ ủy quyền cho người cùng đơn vị đang có tài khoản hoạt động.",
        "A role is lent only to an active account of the same unit.",
    )
