"""The WSGI application: every page and the API."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
