"""Everything of django-allauth that this site uses, in one place: its inner modules may move with a new version."""

# allauth ships no types.
from allauth.account.adapter import DefaultAccountAdapter  # type: ignore[import-untyped,unused-ignore]
from allauth.account.internal.flows.login import (  # type: ignore[import-untyped,unused-ignore]
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import (  # type: ignore[import-untyped,unused-ignore]
    reauthenticate_by_password,
)
from allauth.account.internal.stagekit import clear_login  # type: ignore[import-untyped,unused-ignore]
from allauth.account.models import Login  # type: ignore[import-untyped,unused-ignore]
from allauth.account.stages import LoginStageController  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.base.internal.flows import delete_and_cleanup  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.models import Authenticator  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.stages import AuthenticateStage  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.totp.forms import ActivateTOTPForm  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.totp.internal.flows import activate_totp  # type: ignore[import-untyped,unused-ignore]
from allauth.mfa.webauthn.forms import (  # type: ignore[import-untyped,unused-ignore]
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import (  # type: ignore[import-untyped,unused-ignore]
    begin_authentication,
    begin_registration,
)
from allauth.mfa.webauthn.internal.flows import add_authenticator  # type: ignore[import-untyped,unused-ignore]

__all__ = [
    "ActivateTOTPForm",
    "AddWebAuthnForm",
    "AuthenticateForm",
    "AuthenticateStage",
    "AuthenticateWebAuthnForm",
    "Authenticator",
    "DefaultAccountAdapter",
    "DefaultMFAAdapter",
    "Login",
    "LoginStageController",
    "LoginWebAuthnForm",
    "ReauthenticateForm",
    "ReauthenticateWebAuthnForm",
    "RecoveryCodes",
    "activate_totp",
    "add_authenticator",
    "begin_authentication",
    "begin_registration",
    "clear_login",
    "delete_and_cleanup",
    "generate_recovery_codes",
    "get_adapter",
    "get_authentication_records",
    "perform_login",
    "reauthenticate_by_password",
    "record_authentication",
]
