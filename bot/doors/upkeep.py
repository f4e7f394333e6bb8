"""What is done once a minute: the journal's file, retention, templates that are not known as Meta has them."""

from collections import Counter

from bot.delivery import templates
from bot.doors.recovering import write_journal
from bot.log import get_logger
from bot.rights import retention
from bot.runtime import BoundNumber, Runtime
from bot.wire.errors import SendError

LOG = get_logger(__name__)


def run(runtime: Runtime) -> None:
    """Do it all; a Graph API that does not answer is for the next time."""
    write_journal(runtime)
    policies = {business.id: business.policy for business in runtime.content().businesses.values()}
    purged: Counter[str] = Counter()
    for name, part in retention.parts(now=runtime.clock(), policies=policies):
        with runtime.db.write() as session:
            purged[name] += part(session)
            session.commit()
    if +purged:
        LOG.info("purged", counts=dict(+purged))
    for number in _stale(runtime):
        try:
            pull_templates(runtime, number)
        except SendError as error:
            LOG.warning("templates_not_pulled", business=number.business, code=error.code)


def pull_templates(runtime: Runtime, number: BoundNumber) -> int:
    """Read the account's templates, page by page, and replace what we know; return how many. Raises `SendError`."""
    definitions = list(runtime.graph.templates(number.waba_id, number.token))
    with runtime.db.write() as session:
        count = templates.sync(session, number.waba_id, definitions, now=runtime.clock())
        session.commit()
    return count


def _stale(runtime: Runtime) -> list[BoundNumber]:
    """Return a number of each account whose templates were never pulled, or of which one has changed at Meta."""
    accounts = {number.waba_id: number for number in runtime.numbers().values() if number.waba_id}
    with runtime.db.read() as session:
        states: dict[str, set[str]] = {}
        for row in templates.listing(session):
            states.setdefault(row.waba_id, set()).add(row.status)
    return [
        number for waba_id, number in accounts.items() if waba_id not in states or templates.STALE in states[waba_id]
    ]
