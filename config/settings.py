"""Every setting of Infitah. What differs between machines comes from the environment (docs/running.md)."""

import os
import sys
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from infitah.lib import postgres

HOUSE = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (HOUSE / "manage.py").exists()  # else installed as a package
VAR = Path(os.environ.get("INFITAH_VAR") or (HOUSE if IS_CHECKOUT else Path.cwd()) / "var").resolve()
VAR.mkdir(parents=True, exist_ok=True)
BUILD = VAR / "build"
WORDS = HOUSE / "locale" if IS_CHECKOUT else Path(sys.prefix) / "share/infitah/locale"  # compiled into BUILD
(BUILD / "static").mkdir(parents=True, exist_ok=True)

# -- who runs it -------------------------------------------------------------------------------
DEBUG = os.environ.get("DEBUG") == "1"
IS_DEMO = os.environ.get("INFITAH_DEMO") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or postgres.kept_secret(VAR / "secret-key")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "infitah.lib.http.stale"
IS_HTTPS = SITE_URL.startswith("https://")
CONTROLLER = os.environ.get("CONTROLLER", "DGCT")  # who answers for personal data, law 09-08
SOURCE_URL = os.environ.get("SOURCE_URL", "")  # where the code of this installation can be read (AGPL)
CNDP_NUMBER = os.environ.get("CNDP_NUMBER", "")

# -- the house ---------------------------------------------------------------------------------
GROUND = ["ledger", "territories", "accounts", "areas", "moderation", "organisations", "discussion"]
NETWORK = ["membership", "calls", "meetings", "certificates", "pool", "questions"]
JOURNEY = ["programmes", "ideas", "projects", "consultation", "adoption", "monitoring", "evaluation"]
OUTLOOK = ["practices", "counts", "commitments", "kinds", "sentences", "indicators", "notifications", "opendata"]
OUTLOOK += ["custody", "voices", "spaces", "directory", "plan", "tasks", "workbench", "handover", "board", "website"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "infitah.ui",
    "django.forms",
    *(f"infitah.ground.{room}" for room in GROUND),
    *(f"infitah.network.{room}" for room in NETWORK),
    *(f"infitah.journey.{room}" for room in JOURNEY),
    *(f"infitah.outlook.{room}" for room in OUTLOOK),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "infitah.lib.http.Guard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "infitah.lib.http.Tongues",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "infitah.ground.accounts.views.Door",
    "infitah.lib.http.Refusals",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "infitah.ui.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "infitah.ui.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# -- where things are kept ---------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")
IS_EMBEDDED = not DATABASE_URL
DATABASES = {"default": postgres.settings(DATABASE_URL, embedded_at=VAR / "postgres")}
DATABASES["default"]["TEST"] = {"NAME": "test_infitah"}
CACHE_URL = os.environ.get("CACHE_URL", "")
IN_REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
CACHES = {"default": IN_REDIS if CACHE_URL else IN_MEMORY}  # what is counted: who asked how often
CACHES["pages"] = IN_REDIS if CACHE_URL else {**IN_MEMORY, "LOCATION": "pages"}  # apart: pages drop no count
STORAGE_URL = os.environ.get("STORAGE_URL", "")
MEDIA_ROOT = VAR / "files"
MEDIA_URL = "/files/"
ON_S3 = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": STORAGE_URL}}
ON_DISK = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": ON_S3 if STORAGE_URL else ON_DISK,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = FILE_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE  # read in memory: no half files on disk
STATIC_URL = "/static/"
STATIC_ROOT = BUILD / "collected"
STATICFILES_DIRS = [("built", BUILD / "static")]  # made by infitah.ui.assets when the house opens
MAIL_URL = os.environ.get("MAIL_URL", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if MAIL_URL else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "infitah@localhost")
if MAIL_URL:
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS = postgres.mail_parts(MAIL_URL)

# -- languages, time -------------------------------------------------------------------------
LANG_INFO["zgh"] = {"bidi": False, "code": "zgh", "name": "Tamazight", "name_local": "ⵜⴰⵎⴰⵣⵉⵖⵜ"}
LANGUAGE_CODE, LANGUAGE_COOKIE_NAME = "ar", "language"
LANGUAGES = [("ar", _("Arabic")), ("fr", _("French")), ("zgh", _("Tamazight")), ("en", _("English"))]
LOCALE_PATHS = [BUILD / "locale"]
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "infitah.ui.formats"
TIME_ZONE = "Africa/Casablanca"

# -- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "website:home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "infitah.ground.accounts.views.Doorkeeper"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,15/h/key"}  # nobody's mailbox is flooded with codes
MFA_ADAPTER = "infitah.ground.accounts.views.KeyKeeper"
OUR_FORMS = {"add_webauthn": "AddKey", "edit_webauthn": "RenameKey", "activate_totp": "AppCode"}
OUR_FORMS |= {"authenticate": "SecondCode", "reauthenticate": "SecondCodeAgain"}
MFA_FORMS = {theirs: f"infitah.ground.accounts.forms.{ours}" for theirs, ours in OUR_FORMS.items()}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = "Infitah", 1  # the code of the half minute before is right too: RFC 6238, 5.2
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0  # as lib.http.address_of
IS_SECOND_FACTOR_COMPULSORY = not IS_DEMO  # for roles that run something
SOCIALACCOUNT_ADAPTER = "infitah.ground.accounts.views.Reader"
SOCIALACCOUNT_FORMS = {"disconnect": "infitah.ground.accounts.forms.Part"}
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another host; a link may
OIDC_URL = os.environ.get("OIDC_URL", "")  # a national or institutional identity, beside the mailed code
OIDC = {
    "provider_id": "national",
    "name": os.environ.get("OIDC_NAME", "OpenID Connect"),
    "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("OIDC_SECRET", ""),
    "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True, "scope": ["openid", "email"]},
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # docs/decisions/0013
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC] if OIDC_URL else []}}

# -- safety ------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"numbered": {"()": "infitah.lib.http.Numbered"}},
    "formatters": {"line": {"()": "infitah.lib.http.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["numbered"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
