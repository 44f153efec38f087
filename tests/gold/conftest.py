"""Prints the figures of the gold set below every run that made them."""

from __future__ import annotations

import pytest
from gold.figures import FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints what the gold tests left in the stash."""
    lines = config.stash.get(FIGURES, [])
    if lines:
        terminalreporter.section("figures of the gold set")
        for line in lines:
            terminalreporter.line(line)
