"""How Alembic reaches the database: over the connection and in the transaction of `bot.store.migrate`.

From the command line (`alembic revision --autogenerate -m "Add a table"`) there is none: the models are compared with
an empty SQLite database that was just brought to the newest version.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from bot.store import models
from bot.store.columns import Moment
from bot.store.db import Database


def run(connection: Connection) -> None:
    """Do what Alembic was asked for."""
    context.configure(connection=connection, target_metadata=models.TABLES[0].metadata, render_item=render)
    context.run_migrations()


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a moment as what it is to the database, so that a migration never changes with our code."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Moment) else False


def run_alone() -> None:
    """Run against an empty database that has gone through every step."""
    database = Database("sqlite://")
    with database.engine.begin() as connection:
        steps = MigrationContext.configure(connection)
        with Operations.context(steps):
            for step in reversed(list(context.script.walk_revisions())):
                step.module.upgrade()
        steps.stamp(context.script, "heads")
        run(connection)
    database.close()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    run_alone()
