"""The web application: made by a factory, from a runtime."""

from flask import Flask

from bot.doors import web
from bot.runtime import Runtime

BODY_CAP = 4 * 1024 * 1024
"""Bytes; Meta sends 3 MB at most."""


def create_app(runtime: Runtime) -> Flask:
    """Return the application with all doors of the web process."""
    app = Flask("bot", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_CAP
    app.extensions["lethe"] = runtime
    web.open_doors(app, runtime)
    return app
