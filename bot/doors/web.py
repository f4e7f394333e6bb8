"""Which doors the web process has."""

from flask import Flask

from bot.doors.webhook import webhook
from bot.runtime import Runtime


def open_doors(app: Flask, runtime: Runtime) -> None:
    """Register every blueprint; those for operators and the demo only where they are set up."""
    app.register_blueprint(webhook)
