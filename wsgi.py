"""The web process: `granian wsgi:app`, or any WSGI server."""

from bot.app import create_app
from bot.config.settings import load
from bot.doors import start
from bot.runtime import INTAKE_PATIENCE

app = create_app(start.runtime(load("web"), patience=INTAKE_PATIENCE))
