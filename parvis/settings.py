"""All settings of Parvis, in one file, each with a safe default: a fresh clone runs as it is.

`docs/settings.md` lists what may be set and why; a test keeps the two in step.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from environs import Env, validate

env = Env(prefix="PARVIS_")
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR", str(BASE_DIR / "var"))).resolve()


def _secret_key() -> str:
    """The key made at the first run and kept in var/, readable by its owner alone."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        # Written aside, then linked: two processes that start together read one whole key.
        draft = VAR_DIR / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


# --- Running ---------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", "") or _secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# The address people type; links in mail start with it.
SITE_URL = env.str("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
# Addresses of the proxies in front of Parvis, allowed to say who the visitor is. Empty: none.
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
HTTPS = SITE_URL.startswith("https://")

ROOT_URLCONF = "parvis.urls"
WSGI_APPLICATION = "parvis.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEMO_ROOMS = ["parvis.demo"]  # never installed in production
# The rooms, from the top floor down: templates and commands of a higher room win.
ROOMS = [
    *(DEMO_ROOMS if DEMO else []),
    "parvis.operations",
    "parvis.portal",
    "parvis.steering",
    "parvis.councils",
    "parvis.tfpb",
    "parvis.actions",
    "parvis.walks",
    "parvis.reports",
    "parvis.works",
    "parvis.meetings",
    "parvis.vigilance",
    "parvis.toolbox",
    "parvis.gatherings",
    "parvis.thread",
    "parvis.upkeep",
    "parvis.partners",
    "parvis.places",
    "parvis.notices",
    "parvis.ui",
    "parvis.documents",
    "parvis.search",
]
INSTALLED_APPS = [
    *ROOMS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "leaflet",
    "lucide",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.search",
    "parvis.toolbox.office_apps.OfficeConfig",  # wagtail.admin, without its mails
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # after the rooms, whose own templates of fields win
]

MIDDLEWARE = [
    "parvis.ui.visitors.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parvis.ui.headers.HeadersMiddleware",
    "parvis.toolbox.office.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parvis.partners.middleware.ActorMiddleware",
    "parvis.ui.languages.LanguageMiddleware",
    "parvis.toolbox.office.OfficeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.portal.menu.menu",
                "parvis.ui.context.page",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ------------------------------------------------------------------------------------
DATABASES = {"default": Env().dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR}/parvis.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a transaction that reads and then writes never fails half way; FULL: an
    # acknowledged report survives a power cut. Each thread of the worker has a cache of its own:
    # 16 MB hold the reports of a quartier, and four of them leave the worker below 200 MB.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        # What is erased (a list of people, a contact) is written over in the file.
        " PRAGMA cache_size=-4000; PRAGMA secure_delete=ON;",
    }
else:
    # Rights are sub-queries, whose cost PostgreSQL thinks high: compiling them took ten times what
    # running them takes. Data lie in memory or on a solid disk: reading here and there is cheap.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c jit=off -c random_page_cost=1.1"
    )

# Requests that one web process answers side by side, each with a connection to the database.
THREADS = env.int("THREADS", 4, validate=validate.Range(min=1, max=64))
# Megabytes that each disk keeps free: below, the installation says that it is not well.
DISK_RESERVE = env.int("DISK_RESERVE", 200, validate=validate.Range(min=0))

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if _cache_url := env.str("CACHE_URL", ""):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url,
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MEDIA_ROOT = Path(env.str("MEDIA", str(VAR_DIR / "media")))
# Photos are served by views that ask for rights; no URL leads to the folder itself.
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 30  # more than the form takes, so that the form can say so

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
# Run from the installed files in the demonstration and in development; `parvis collectstatic`
# and PARVIS_HASHED_STATIC=true in production.
HASHED_STATIC = env.bool("HASHED_STATIC", False)
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STORAGES = {
    "default": {"BACKEND": "parvis.documents.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
# Languages of the pages that residents read; everything else is in French.
LANGUAGES = [("fr", "Français"), ("en", "English"), ("ar", "العربية")]
# Our own words, compiled there at start, then Django's, which win over those of libraries:
# « obligatoire » is said in one way on every form.
COMPILED_LOCALE = VAR_DIR / "locale"
LOCALE_PATHS = [COMPILED_LOCALE, Path(django.__file__).parent / "conf" / "locale"]
# Public holidays of one part of France more than the common ones; empty: the common ones.
HOLIDAYS_ZONE = env.str(
    "HOLIDAYS_ZONE",
    "",
    validate=validate.OneOf(["", "Alsace-Moselle", "971", "972", "973", "974", "976"]),
)
# Where an axis is kept out of renewed quartiers (NPNRU): all of the QPV, or the project's outline.
TFPB_NPNRU_PERIMETER = env.str(
    "TFPB_NPNRU_PERIMETER", "qpv", validate=validate.OneOf(["qpv", "project"])
)

# --- Mail ------------------------------------------------------------------------------------
_mail = Env().dj_email_url("EMAIL_URL", "console://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
if DEMO:
    EMAIL_BACKEND = "parvis.demo.mail.DemoBackend"
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("parvis.demo.accounts.for_sign_in")
    DEMO_EPCI = "245901160"
EMAIL_TIMEOUT = 20  # seconds
# Own sender, answers to Reply-To: a town's mail server must not be asked to vouch for us.
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "Parvis <parvis@localhost>")
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", "")
# A mailbox that people read, to which one may write "stop"; named in the headers of mails that
# can be stopped in one click, beside the address that does it.
UNSUBSCRIBE_EMAIL = env.str("UNSUBSCRIBE_EMAIL", "")
# Who takes SMS for us: see docs/sms-gateway.md. Without it no SMS leaves.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", "")
if DEMO and not SMS_GATEWAY_URL:
    SMS_GATEWAY_URL, SMS_GATEWAY_KEY = f"{SITE_URL}/demo/passerelle/", "demo"
# What the gateway signs the messages with that people send us. Without it none is taken.
SMS_INCOMING_SECRET = env.str("SMS_INCOMING_SECRET", "")
# What signs the bounces that a mail server hands to /envois/retours/. Empty: that door is shut.
BOUNCE_SECRET = env.str("BOUNCE_SECRET", "")
# The private half of the keys of notifications (32 bytes, base64url). Empty: `vapid_key` in the
# data folder, made at the first need.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/a-traiter/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "parvis.partners.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # sign-up is closed; this asks e-mail and password
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a code has proved the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail, and the same page
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a change of factors is told to its owner
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
}

# Whether who sees personal data must prove more than an e-mail address. The demonstration lets
# visitors in with one click unless it is told otherwise.
SECOND_FACTOR = env.bool("SECOND_FACTOR", not DEMO)
MFA_ADAPTER = "parvis.partners.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation or a code has proved the address
# Browsers give passkeys to https and to localhost alone; at localhost the origin is not https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# A sign-in by OpenID Connect (ProConnect), beside the others; without a server there is none.
OIDC: dict[str, Any] = {
    "server_url": env.str("OIDC_SERVER_URL", "").rstrip("/"),
    "client_id": env.str("OIDC_CLIENT_ID", ""),
    "client_secret": env.str("OIDC_CLIENT_SECRET", ""),
    "name": env.str("OIDC_NAME", "ProConnect"),
    "scopes": env.list("OIDC_SCOPES", ["openid", "email"]),
    # What the provider says of how it recognised the person, when that is two factors.
    "acr": env.list("OIDC_ACR", []),
    "amr": env.list("OIDC_AMR", []),
    "trust_email": env.bool("OIDC_TRUST_EMAIL", False),
}
SOCIALACCOUNT_ADAPTER = "parvis.partners.oidc.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False

# --- Security --------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_ENGINE = "parvis.partners.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds, from signing in, whatever is done meanwhile
SESSION_IDLE_AGE = 4 * 24 * 3600  # seconds without a page: a long weekend is less
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The base map is the only outside host that pages may ask; an empty URL asks nobody.
BASE_MAP_URL = env.str(
    "BASE_MAP_URL",
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
BASE_MAP_CREDIT = env.str("BASE_MAP_CREDIT", "© IGN – Plan IGN")


def _origin(url: str) -> list[str]:
    return ["/".join(url.split("/", 3)[:3])] if url.startswith("http") else []


_map_origin = _origin(BASE_MAP_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_map_origin],
        "connect-src": ["'self'"],
        # The button of a sign-in elsewhere is a form that ends there.
        "form-action": ["'self'", *_origin(OIDC["server_url"])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- The editor's office (Wagtail): the toolbox and the pages of content, nothing else -------
WAGTAIL_SITE_NAME = env.str("BRAND_NAME", "Parvis")
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "toolbox.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "toolbox.Paper"
# What editors may load: pictures and open formats; no format that holds macros or scripts.
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "parvis.toolbox.edit_files.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "parvis.toolbox.edit_files.PaperForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "csv", "txt"]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]},
    }
}
# The office looks for pages and files by their words; the index that the public searches is ours.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
# Nothing is asked of another host, and words go out through the one outbox.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# A day typed as people write it: of one that it cannot read, the calendar makes today.
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
TAGGIT_CASE_INSENSITIVE = True

# The national address service, asked by the server; empty: the addresses loaded here answer.
GEOCODER_URL = env.str("GEOCODER_URL", "")

# Feeds of other territories are read from the public network alone; on for tests at home.
FEEDS_FROM_PRIVATE_HOSTS = env.bool("FEEDS_FROM_PRIVATE_HOSTS", False)

# --- White label -----------------------------------------------------------------------------
BRAND = {
    "name": env.str("BRAND_NAME", "Parvis"),
    "territory": env.str("BRAND_TERRITORY", ""),
    "logo": env.str("BRAND_LOGO", ""),  # path of an image below static/
    "slate": env.str("BRAND_SLATE", "#17505B"),
    "brick": env.str("BRAND_BRICK", "#A8432A"),
    "ground": env.str("BRAND_GROUND", "#FAF7F2"),
}

# --- Who publishes, for the legal pages ------------------------------------------------------
PUBLISHER = {
    "name": env.str("PUBLISHER_NAME", ""),
    "address": env.str("PUBLISHER_ADDRESS", ""),
    "director": env.str("PUBLISHER_DIRECTOR", ""),
    "host": env.str("PUBLISHER_HOST", ""),
    "email": env.str("PUBLISHER_EMAIL", ""),
    "dpo_email": env.str("DPO_EMAIL", ""),
}
# What closes the secret part of an orientation: keys, newest first. Empty: `seal_keys` in the data
# folder, made at the first need.
SEAL_KEYS: list[str] = env.list("SEAL_KEYS", [])

# Days after closing at which a reporter's contact is erased by itself.
CONTACT_RETENTION_DAYS = env.int("CONTACT_RETENTION_DAYS", 60)

# How many digests a sender's machine computes at most for one report; 0 asks for none.
CHALLENGE_COST = env.int("CHALLENGE_COST", 50_000, validate=validate.Range(0, 10_000_000))

# A point noir: so many reports of one theme come back within so many days and metres.
BLACKSPOT_REPORTS = env.int("BLACKSPOT_REPORTS", 3, validate=validate.Range(min=2))
BLACKSPOT_DAYS = env.int("BLACKSPOT_DAYS", 60, validate=validate.Range(min=1))
BLACKSPOT_METRES = env.int("BLACKSPOT_METRES", 60, validate=validate.Range(min=5, max=1000))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Signed links, addresses and telephone numbers are in no line of a log.
    "formatters": {"scrubbed": {"()": "parvis.operations.logs.ScrubbingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The worker would tell each of its tasks, three times a minute.
    "loggers": {"django_tasks": {"level": "WARNING"}, "django_tasks_db": {"level": "WARNING"}},
}
