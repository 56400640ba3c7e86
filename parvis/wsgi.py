"""The WSGI application that the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

# What start-up makes stays until the end: looking for garbage in it would take a fifth of the
# start, and a part of every request after it.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()
