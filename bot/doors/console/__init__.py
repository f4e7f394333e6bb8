"""Pages for operators, behind a login; without a password's hash there are none."""

from flask import Flask

from bot.doors.console import login, overview, rq_jobs
from bot.runtime import Runtime


def open_console(app: Flask, made: Runtime) -> None:
    """Register the console, if there is a password for it."""
    hash_ = made.settings.console_password_hash
    if hash_ is None:
        return
    login.guard(app, made, hash_.get_secret_value())
    app.register_blueprint(overview.console)
    rq_jobs.mount(app, made)
