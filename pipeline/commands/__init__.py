"""The commands: each calls a stage and puts its report into words.

A module holds the commands of one kind in ``COMMANDS``, in the order in which ``praktyki --help`` lists them under the
module's ``TITLE``.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.commands import asking, erasing, extending, gathering, looking, making, snapshots
from pipeline.commands.common import Command

KINDS = (making, gathering, asking, snapshots, looking, erasing, extending)


def commands() -> Iterator[Command]:
    """Every command there is, kind by kind."""
    for kind in KINDS:
        yield from kind.COMMANDS
