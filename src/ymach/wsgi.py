"""The application as web servers load it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ymach.settings")
application = get_wsgi_application()

from ymach.exchange.intake.warming import warm_up

warm_up()
