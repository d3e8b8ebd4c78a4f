"""What people see and change of their own signing in: password, second factor, passkeys, recovery codes, sign-ins."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from fido2.webauthn import RegistrationResponse

from ymach.accounts.errors import PasswordWeak
from ymach.accounts.models import User
from ymach.accounts.signin.actions import change_password, end_sessions
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.base.errors import Conflict
from ymach.base.text import Text
from ymach.web.access import actor_of_request, before_second_factor, signed_in
from ymach.web.parts import Column
from ymach.web.reached import reader_address
from ymach.web.signin import events, factors, limits, next_page, ways
from ymach.web.signin.entering import WRONG_CODE, check_password
from ymach.web.signin.library import (
    ActivateTOTPForm,
    AddWebAuthnForm,
    Authenticator,
    RecoveryCodes,
    activate_totp,
    add_authenticator,
    begin_registration,
    delete_and_cleanup,
    generate_recovery_codes,
    get_adapter,
    reauthenticate_by_password,
    record_authentication,
)
from ymach.web.signin.recent import account, ask_again, recently_proven
from ymach.web.signin.required import is_demanded
from ymach.web.templatetags.ymach import say

SHOWN, SHOWN_DAYS = 10, 180
SIGN_INS = [
    Column(Text("Lúc", "When")),
    Column(Text("Việc", "What")),
    Column(Text("Bằng cách", "How")),
    Column(Text("Thiết bị, địa chỉ mạng", "Device, network address")),
]
WORDS = {
    "sign-in:done": Text("Đăng nhập", "Signed in"),
    "sign-in:refused": Text("Bị từ chối", "Refused"),
    ways.PASSWORD: Text("mật khẩu", "password"),
    ways.APP: Text("mã ứng dụng", "app code"),
    ways.PASSKEY: Text("khóa truy cập", "passkey"),
    ways.RECOVERY: Text("mã dự phòng", "recovery code"),
    ways.VNEID: Text("VNeID", "VNeID"),
    "code": Text("mã", "code"),
}
WRONG_PASSWORD = Text("Mật khẩu chưa đúng.", "The password is not right.")
NOT_THE_SAME = Text("Hai lần gõ chưa giống nhau.", "The two are not the same.")
WRONG_NEW_PASSKEY = Text(
    "Chưa tạo được khóa truy cập. Thử lại; nếu vẫn vậy, dùng trình duyệt hoặc thiết bị khác.",
    "The passkey was not made. Try again; if it stays so, use another browser or device.",
)
LAST_FACTOR = Text(
    "Vai trò của bạn cần lớp xác thực thứ hai. Thêm cách khác trước, rồi mới xóa cách này.",
    "Your role needs a second factor. Add another one first, then remove this one.",
)


class FactorNeeded(Conflict):
    code = "YM-ACCOUNT-FACTOR-NEEDED"
    sentence = LAST_FACTOR


@before_second_factor
@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Everything about the account's own signing in. POST: end the sessions on other devices."""
    user = account(request)
    if request.method == "POST":
        end_sessions(user=user, by=actor_of_request(request), at=now())
        update_session_auth_hash(request, user)
        events.changed(
            request,
            user,
            action="sign-in:others-ended",
            what=Text("Các phiên ở thiết bị khác đã bị kết thúc.", "Your sessions on other devices were ended."),
        )
        return _done(request, Text("Đã đăng xuất ở mọi thiết bị khác.", "Signed out on every other device."))
    context = {
        **_factors(user),
        "is_demanded": is_demanded(request),
        "has_password": user.has_usable_password(),
        "has_passkeys": factors.are_passkeys_possible(request),
        "vneid": user.vneid_links.order_by("linked_at").first(),
        "columns": SIGN_INS,
        "events": [_line(event) for event in _events(user)],
    }
    return render(request, "pages/security/index.html", context)


@before_second_factor
@signed_in
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Where staff without a second factor are led: what it is for, and the ways to have one."""
    if ways.has_factor(account(request)):
        return redirect("home")
    return render(request, "pages/security/begin.html", {"has_passkeys": factors.are_passkeys_possible(request)})


@before_second_factor
@signed_in
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove once more who is sitting there."""
    user, to = account(request), next_page.safe(request, next_page.wanted(request))
    if request.method == "GET":
        return ask_again(request, to=to)
    if ways.has_factor(user):
        if not factors.check(request, user, again=True):
            return ask_again(request, to=to, error=WRONG_CODE, status=422)
        return HttpResponseRedirect(to)
    limits.take_password(user.username, reader_address(request), at=now())
    if check_password(request, user.username) != user:
        events.refused(request, user, how=ways.PASSWORD, why="wrong")
        return ask_again(request, to=to, error=WRONG_PASSWORD, status=422)
    limits.forget_password(user.username, reader_address(request))
    reauthenticate_by_password(request)
    return HttpResponseRedirect(to)


@before_second_factor
@signed_in
@never_cache
@sensitive_post_parameters("password", "again")
@recently_proven
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password. Sessions on other devices end."""
    error: Text | None = None
    if request.method == "POST":
        fresh, user = request.POST.get("password", ""), account(request)
        error = NOT_THE_SAME if fresh != request.POST.get("again", "") else None
        try:
            if error is None:
                change_password(user=user, password=fresh, by=actor_of_request(request), at=now())
                update_session_auth_hash(request, user)
                told = Text("Mật khẩu của bạn vừa được đổi.", "Your password was changed.")
                events.changed(request, user, action="password:changed", what=told)
                return _done(request, told)
        except PasswordWeak as weak:
            error = weak.text
    return render(request, "pages/security/password.html", {"error": error}, status=422 if error else 200)


@before_second_factor
@signed_in
@never_cache
@recently_proven
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """An app that shows codes: set it up, or (act=remove) do without it."""
    user = account(request)
    if request.POST.get("act") == "remove":
        return _remove(request, Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first())
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        return redirect("security")
    if request.method == "POST":
        limits.take_factor(user, at=now())
        form = ActivateTOTPForm(user=user, data={"code": request.POST.get("code", "")[:20]})
        if form.is_valid():
            factor, _ = activate_totp(request, form)
            limits.forget_factor(user)
            told = Text("Ứng dụng tạo mã vừa được thêm vào tài khoản.", "A code app was added to your account.")
            return _added(request, factor, action="factor:app-added", what=told)
    else:
        form = ActivateTOTPForm(user=user)
    context: dict[str, object] = {
        "secret": _in_fours(form.secret),
        "picture": _picture(user, form.secret),
        "error": None,
    }
    if form.is_bound:
        context["error"] = WRONG_CODE
    return render(request, "pages/security/app.html", context, status=422 if form.is_bound else 200)


@before_second_factor
@signed_in
@never_cache
@recently_proven
@require_http_methods(["GET", "POST"])
def passkeys(request: HttpRequest) -> HttpResponse:
    """Add a passkey, or (act=remove, key) remove one."""
    user, error = account(request), None
    if request.POST.get("act") == "remove":
        return _remove(request, _passkey(user, request.POST.get("key", "")))
    if request.method == "POST":
        sent = factors.credential_of(request, RegistrationResponse)
        name = request.POST.get("name", "").strip()[:60] or events.device_of(request.headers.get("User-Agent", ""))
        data = {"name": name, "credential": sent, "passwordless": True}
        form = AddWebAuthnForm(user=user, data=data)
        if form.is_valid():
            factor, _ = add_authenticator(request, name=name, credential=form.cleaned_data["credential"])
            told = Text("Một khóa truy cập vừa được thêm vào tài khoản.", "A passkey was added to your account.")
            return _added(request, factor, action="factor:passkey-added", what=told)
        error = WRONG_NEW_PASSKEY
    options = factors.as_json(begin_registration(user, True))
    context = {"error": error, "options": options, "has_passkeys": factors.are_passkeys_possible(request)}
    return render(request, "pages/security/passkeys.html", context, status=422 if error else 200)


@before_second_factor
@signed_in
@never_cache
@recently_proven
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes: those not used yet. POST: new ones, the old ones no longer count."""
    user = account(request)
    if request.method == "POST" and ways.has_factor(user):
        generate_recovery_codes(request)
        told = Text(
            "Mã dự phòng mới vừa được tạo; mã cũ hết tác dụng.",
            "New recovery codes were made; the old ones no longer work.",
        )
        events.changed(request, user, action="factor:codes-made", what=told)
        return redirect("security-codes")
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    unused = RecoveryCodes(held).get_unused_codes() if held else []
    return render(request, "pages/security/codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in unused]})


def _added(request: HttpRequest, factor: Authenticator, *, action: str, what: Text) -> HttpResponse:
    """A factor is there: on to the recovery codes if they are new, else back."""
    user = account(request)
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)  # it has just been used, to be added
    events.changed(request, user, action=action, what=what)
    held = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if held.count() == 1:
        messages.success(request, str(say(what)))
        return redirect("security-codes")
    return _done(request, what)


def _remove(request: HttpRequest, factor: Authenticator | None) -> HttpResponse:
    """Remove a factor, but not the last one of somebody who must have one."""
    if factor is None:
        return redirect("security")
    user = account(request)
    held = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if is_demanded(request) and held.count() == 1:
        raise FactorNeeded
    is_app = factor.type == Authenticator.Type.TOTP
    delete_and_cleanup(request, factor)
    app_told = Text("Ứng dụng tạo mã vừa bị bỏ khỏi tài khoản.", "The code app was removed from your account.")
    key_told = Text("Một khóa truy cập vừa bị xóa khỏi tài khoản.", "A passkey was removed from your account.")
    action, told = ("factor:app-removed", app_told) if is_app else ("factor:passkey-removed", key_told)
    events.changed(request, user, action=action, what=told)
    return _done(request, told)


def _passkey(user: User, key: str) -> Authenticator | None:
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return held.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 16 else None


def _done(request: HttpRequest, what: Text) -> HttpResponse:
    messages.success(request, str(say(what)))
    return redirect("security")


def _factors(user: User) -> dict[str, object]:
    held = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one for one in held if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "app": next((one for one in held if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in held if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(RecoveryCodes(codes).get_unused_codes()) if codes else None,
    }


def _events(user: User) -> list[AuditEvent]:
    since = now() - timedelta(days=SHOWN_DAYS)
    of_account = AuditEvent.objects.filter(facility_id=REGISTRY, subject=f"account:{user.pk}", at__gte=since)
    return list(of_account.filter(action__in=["sign-in:done", "sign-in:refused"]).order_by("-at")[:SHOWN])


def _line(event: AuditEvent) -> dict[str, object]:
    how = event.detail.get("how", [])
    named = [WORDS.get(one, Text(one, one)) for one in ([how] if isinstance(how, str) else how)]
    return {
        "at": event.at,
        "what": WORDS[event.action],
        "is_refused": event.action == "sign-in:refused",
        "how": Text(" + ".join(one.vi for one in named), " + ".join(one.en for one in named)),
        "device": event.detail.get("device", "—"),
        "from": event.detail.get("from", ""),
    }


def _in_fours(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _picture(user: User, secret: str) -> str:
    """The secret as a QR code, an SVG of ours without anything of the reader's in it."""
    adapter = get_adapter()
    svg: str = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by our own library from our own text
