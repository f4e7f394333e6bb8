"""After the tests, tell how well people are understood, by language."""

import pytest

from tests.corpus.measure import TABLE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := terminalreporter.config.stash.get(TABLE, ()):
        terminalreporter.section("understanding people")
        for line in lines:
            terminalreporter.line(line)
