"""The console's first page: how the work goes, numbers, templates, hand-overs, the register. Ids only."""

from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Redirect

from bot.delivery import templates
from bot.delivery.numbers import numbers
from bot.doors import operators, work
from bot.doors.context import runtime
from bot.people import standing

console = Blueprint("console", __name__, url_prefix="/console", template_folder=str(Path(__file__).parent))


@console.get("/")
def overview() -> Response:
    """Show everything at a glance."""
    here = runtime()
    now = here.clock()
    with here.db.read() as session:
        paused = {row.number_id: row for row in session.execute(select(numbers))}
        page = render_template(
            "overview.html",
            work=work.look(here),
            numbers=[(each, paused.get(each.number_id)) for each in here.numbers().values()],
            templates=templates.listing(session),
            hand_overs=standing.handed_over(session, now=now),
            requests=operators.register(session),
            register=operators.REGISTER,
            faults=here.watched.faults,
            shown=operators.shown,
        )
    return Response(page, mimetype="text/html")


@console.post("/hand-back")
def hand_back() -> Redirect:
    """Give a conversation back to the bot."""
    here = runtime()
    with here.db.write() as session:
        standing.hand_back(session, request.form.get("id", ""), here.clock())
        session.commit()
    return redirect(url_for("console.overview"))
