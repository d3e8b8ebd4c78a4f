"""Django settings, derived from `ymach.config.Environment`. Nothing here reads the environment itself."""

from __future__ import annotations

from pathlib import Path

from ymach.base import sealing
from ymach.base.clock import now, vietnam_day
from ymach.base.embedded import database_settings
from ymach.base.logs import logging_of
from ymach.config import read_environment

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).parent

SECRET_KEY = ENVIRONMENT.secret_key_or_made()
sealing.configure(
    ENVIRONMENT.data_keys or ENVIRONMENT.secrets_folder / "data-keys",
    made_on=None if ENVIRONMENT.data_keys else vietnam_day(now()),
)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth.account",
    "allauth.mfa",
    "ymach.base.history",
    "ymach.accounts",
    "ymach.accounts.signin",
    "ymach.notices",
    "ymach.audit",
    "ymach.places",
    "ymach.catalogues",
    "ymach.population",
    "ymach.facilities",
    "ymach.practitioners",
    "ymach.changes",
    "ymach.publication",
    "ymach.figures",
    "ymach.trust",
    "ymach.citizens",
    "ymach.citizens.matching",
    "ymach.citizens.emergency_cards",
    "ymach.citizens.links",
    "ymach.citizens.provisional",
    "ymach.citizens.proxies",
    "ymach.citizens.requests",
    "ymach.consent",
    "ymach.exchange",
    "ymach.exchange.appointments",
    "ymach.exchange.prescriptions",
    "ymach.exchange.referrals",
    "ymach.exchange.operations",
    "ymach.exchange.held",
    "ymach.exchange.policies",
    "ymach.exchange.conformance",
    "ymach.exchange.uploads",
    "ymach.exchange.events",
    "ymach.exchange.reconciliation",
    "ymach.exchange.reading",
    "ymach.registers",
    "ymach.web",
]

MIDDLEWARE = [
    "ymach.web.observing.Observed",
    "ymach.web.middleware.ServerTime",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ymach.web.middleware.PagesOnly",
    "ymach.api.compression.Compressed",
    "ymach.api.lanes.Lanes",
    "ymach.web.middleware.RenderErrors",
]

# Sessions, CSRF and messages are for pages; the API is stateless and skips them (ymach.web.middleware.PagesOnly).
PAGE_MIDDLEWARE = [
    "ymach.web.middleware.ChooseLanguage",
    "ymach.web.middleware.ContentSecurityPolicy",
    "ymach.web.lanes.PageLane",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ymach.web.middleware.KeepableText",
    "ymach.web.middleware.ActAs",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ymach.web.middleware.KeptByNobody",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "ymach.urls"
WSGI_APPLICATION = "ymach.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "builtins": ["ymach.web.templatetags.ymach"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ymach.web.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

DATABASES = {"default": database_settings(ENVIRONMENT)}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "ymach_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = None
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
# WhiteNoise serves from the source folders: no collectstatic step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# A body may be read whole up to this size; the intake bounds the decompressed size itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = ENVIRONMENT.max_body_mb * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# django-allauth is the library of second factors; pages, addresses and limits are ours (ymach.web.signin).
SECOND_FACTOR_REQUIRED = ENVIRONMENT.second_factor == "required"
ACCOUNT_ADAPTER = "ymach.web.signin.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "ymach.web.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_REAUTHENTICATION_REQUIRED = False  # asked for by our own pages, before allauth is reached
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_WEBAUTHN_USER_VERIFICATION = "required"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.base_url.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_of(ENVIRONMENT.log, ENVIRONMENT.log_level)
