"""Django's settings, for every deployment the same: behind a proxy that ends TLS, secrets from files."""

from typing import Any

from celery.schedules import crontab

from django_admin.environment import Environment

ENVIRONMENT = Environment.load()

RELEASE = ENVIRONMENT.release
DOMAIN = ENVIRONMENT.domain
DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
ROOT_URLCONF = "django_admin.urls"
WSGI_APPLICATION = "django_admin.wsgi.application"
APPEND_SLASH = True

# The public names, and those by which the release's own containers and health checks call.
ADMIN_HOST = f"admin.{ENVIRONMENT.domain}"
ALLOWED_HOSTS = [ADMIN_HOST, ENVIRONMENT.domain, "django", f"django-{RELEASE}", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [f"https://{ADMIN_HOST}"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_admin.accounts",
    "django_admin.signin",
    "django_admin.audit",
    "django_admin.items",
    "django_admin.mail",
    "django_admin.jobs",
    "django_admin.idempotency",
    "django_admin.flags",
    "django_admin.demo",
    "django_admin.schema",
]
MIDDLEWARE = [
    "django_admin.middleware.ReleaseHeader",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASE_ROLE = ENVIRONMENT.database_role
API_DATABASE_ROLE = "slipway_api"
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": ENVIRONMENT.database.name,
        "USER": ENVIRONMENT.database.user,
        "PASSWORD": ENVIRONMENT.database.password,
        "HOST": ENVIRONMENT.database.host,
        "PORT": ENVIRONMENT.database.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, "application_name": f"slipway-django {RELEASE}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_LOCK_TIMEOUT_S = ENVIRONMENT.migration_lock_timeout_s
MIGRATION_STATEMENT_TIMEOUT_S = ENVIRONMENT.migration_statement_timeout_s
MIGRATION_TRIES = ENVIRONMENT.migration_tries
IS_COPY = ENVIRONMENT.is_copy
SEED_DEMO = ENVIRONMENT.is_demo_wanted

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django_admin.accounts.hashing.PatientArgon2"]
PASSWORD_RULES: dict[str, dict[str, int]] = {
    "UserAttributeSimilarityValidator": {},
    "MinimumLengthValidator": {"min_length": 10},  # as the API asks of people who sign up
    "CommonPasswordValidator": {},
    "NumericPasswordValidator": {},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in PASSWORD_RULES.items()
]

AUTHENTICATION_BACKENDS = ["django_admin.accounts.backends.LockingBackend"]
# As in the API: one account, one count of failures.
LOCK_AFTER_FAILURES = 5
LOCK_MINUTES = 15

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.static_root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked from inside, where there is no TLS
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
# W021 wants HSTS preloading, which a domain can hardly take back and a staging domain must not have.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# SMTP_HOST empty: mails wait in the outbox.
EMAIL_HOST = ENVIRONMENT.mail.host
EMAIL_PORT = ENVIRONMENT.mail.port
EMAIL_USE_TLS = ENVIRONMENT.mail.security == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.mail.security == "tls"
EMAIL_HOST_USER = ENVIRONMENT.mail.user
EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.password
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail.sender

CELERY_BROKER_URL = ENVIRONMENT.redis_url
CELERY_RESULT_BACKEND = ENVIRONMENT.redis_url
CELERY_INCLUDE = ["django_admin.tasks", "django_admin.mail.tasks", "django_admin.jobs.tasks"]
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_RESULT_EXPIRES = 3600
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 100_000  # KiB; the container has 160 MiB for two processes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 3, "socket_keepalive": True}
# A schedule's task that nobody has taken by the time of the next one is dropped.
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "heartbeat", "schedule": 30.0, "options": {"expires": 25}},
    "sweep_outbox": {"task": "sweep_outbox", "schedule": 30.0, "options": {"expires": 25}},
    "sweep_jobs": {"task": "sweep_jobs", "schedule": 30.0, "options": {"expires": 25}},
    "purge_expired": {"task": "purge_expired", "schedule": crontab(minute="17"), "options": {"expires": 3000}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "django_admin.logs.JsonFormatter", "release": RELEASE}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": ENVIRONMENT.log_level},
    "loggers": {"django": {"handlers": [], "level": ENVIRONMENT.log_level, "propagate": True}},
}
