"""Settings for development. The site secret belongs into the environment, never into a page."""

import os
from pathlib import Path

PHONE_VERIFY = {
    "URL": os.environ.get("PHONE_VERIFY_URL", "http://127.0.0.1:3000"),
    "SITE_KEY": os.environ.get("PHONE_VERIFY_SITE_KEY", "demo"),
    "SITE_SECRET": os.environ.get("PHONE_VERIFY_SITE_SECRET", "demo-secret"),
}

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "for development only: whoever knows it can write sessions")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.policy.content_security_policy",
]
# Without a database; a shop that has one keeps its sessions there.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
USE_TZ = True
