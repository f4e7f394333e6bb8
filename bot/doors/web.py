"""Which doors the web process has."""

from flask import Flask

from bot.doors.api import api
from bot.doors.console import open_console
from bot.doors.demo import open_demo
from bot.doors.headers import protect
from bot.doors.health import health
from bot.doors.meta import meta
from bot.doors.pages import pages
from bot.doors.webhook import webhook
from bot.runtime import Runtime


def open_doors(app: Flask, runtime: Runtime) -> None:
    """Register every blueprint; those for operators and the demo only where they are set up."""
    protect(app, https=runtime.public_url.startswith("https://"))
    for each in (webhook, api, meta, health, pages):
        app.register_blueprint(each)
    open_console(app, runtime)
    open_demo(app, runtime)
