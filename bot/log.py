"""Structured logs that say nothing of a person (law 5): one JSON object a line, on stderr.

    LOG = get_logger(__name__)
    LOG.warning("account_news", business="sunrise_bakery", reason="ACCOUNT_RESTRICTION")

The event is a constant name. Fields go by the allow-list `FIELDS`, others are dropped and counted; a value that looks
like a number, a wamid or an address is replaced, under whatever name it comes. An exception leaves its type and the
lines of our own code it passed, never its message: messages quote what people wrote. What libraries log goes the same
way, and of theirs only the constant part is kept, never the arguments.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter

FIELDS = frozenset(
    {
        "address", "attempt", "attempts", "business", "cause", "code", "contact", "count", "counts", "dropped",
        "error", "event", "event_id", "fault", "field", "file", "job", "journal", "key", "kind", "lane",
        "lanes", "language", "level", "line", "logger", "number", "path", "pid", "port", "purpose", "reason",
        "ref", "request", "rule", "seconds", "setting", "signal", "source", "state", "status", "step", "store",
        "table", "template", "tries", "version", "waba", "where", "worker",
    }
)  # fmt: skip
"""The names a log line may carry; random ids, names of the business's own, states, counts."""

PERSONAL = re.compile(r"\d(?:[ ().+-]{0,2}\d){6,}|(?i:wamid\.)|@|\b[A-Z]{2}\.[0-9A-Za-z]{6,}")
"""Seven digits (a number, however it is written), a wamid, a mail address or handle, a BSUID."""

REPLACED = "[removed]"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 300
ROOT = Path(__file__).resolve().parent.parent
OURS = frozenset({"bot", "handlers", "worker.py", "wsgi.py"})
QUIET = ("alembic", "heyoo", "rq.job", "rq.worker", "sqlalchemy", "urllib3", "werkzeug")
"""Libraries of which only warnings are of use."""

OPEN = frozenset({"_granian", "granian"})
"""Libraries whose lines without arguments tell of processes and ports; of others such a line may be an f-string."""

# After the redaction: a time is digits.
ORIGIN = (structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"))

Fields = MutableMapping[str, Any]


def get_logger(name: str) -> BoundLogger:
    """Return the logger of a module; redaction holds whether or not `configure` was called."""
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


class Stderr(logging.Handler):
    """Writes to stderr, whichever that is now."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001  logging's own way of telling any would print the arguments
            sys.stderr.write('{"event":"log_failed"}\n')


def configure(level: str = "INFO") -> None:
    """Send everything that is logged in this process, ours and the libraries', to stderr through the redaction."""
    handler = Stderr()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _foreign, _exception, _redact, *ORIGIN],
            pass_foreign_args=True,
            processors=[ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    logging.captureWarnings(capture=True)


def _foreign(_logger: Any, _method: str, fields: Fields) -> Fields:
    record: logging.LogRecord = fields["_record"]
    constant = bool(fields["positional_args"]) or record.name.split(".")[0] in OPEN
    # A formatted message may hold anything; the part that holds nothing is the one before formatting.
    says = {"fault": str(record.msg)} if constant else {}
    place = {"file": record.module, "line": record.lineno}
    kept = {name: fields[name] for name in ("_record", "_from_structlog", "logger", "exc_info") if name in fields}
    return {**kept, "event": "library", **says, **place}


def _exception(_logger: Any, _method: str, fields: Fields) -> Fields:
    info = fields.pop("exc_info", None)
    fields.pop("stack_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
    return {**fields, **reduced(error)} if info and error else fields


def reduced(error: BaseException) -> dict[str, Any]:
    """Return what may be told of an exception: its type, the types behind it, the lines of our own it passed."""
    behind = [type(each).__name__ for each in _behind(error)]
    return {"error": type(error).__name__, "cause": behind, "where": list(_frames(error.__traceback__))}


def _behind(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    while (cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__)) is not None:
        if id(cause) in seen:
            return
        seen.add(id(cause))
        yield cause
        error = cause


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            yield f"{path.relative_to(ROOT)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def _redact(_logger: Any, _method: str, fields: Fields) -> Fields:
    kept = {name: clean(value) for name, value in fields.items() if name in FIELDS}
    internal = {name: value for name, value in fields.items() if name.startswith("_")}
    dropped = len(fields) - len(kept) - len(internal)
    return {**kept, **internal, **({"dropped": dropped} if dropped else {})}


def clean(value: Any) -> Any:
    """Return the value as it may be written: plain, short, on one line, nothing in it that points to a person."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        value = round(value, 3)
    if isinstance(value, Mapping):
        return {clean(str(key)): clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(each) for each in value]
    text = CONTROL.sub(" ", str(value)).encode(errors="replace").decode()
    if PERSONAL.search(text):
        return REPLACED
    return value if isinstance(value, int | float) else text[:LONGEST]


def _render(_logger: Any, _method: str, fields: Fields) -> str:
    return orjson.dumps(fields).decode()


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        _exception,
        _redact,
        *ORIGIN,
        ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=BoundLogger,
    cache_logger_on_first_use=True,
)
