"""The web process: `granian wsgi:app`, or any WSGI server."""

from bot.app import create_app
from bot.config.settings import Need
from bot.doors import start
from bot.runtime import INTAKE_PATIENCE

app = create_app(start.runtime(start.settings(Need.WEB), patience=INTAKE_PATIENCE))
