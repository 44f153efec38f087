"""Named points at which a run can be killed: every write, sync, rename and commit passes one.

In use nothing happens there. A test sets a hook that counts the points, and kills the process at the one it wants to see.
"""

from __future__ import annotations

from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def reached(point: str) -> None:
    """Tells the hook, when there is one, that ``point`` (``warc.write``, ``frontier.commit`` …) is about to happen."""
    if _hook is not None:
        _hook(point)


def set_hook(hook: Callable[[str], None] | None) -> None:
    """Calls ``hook`` at every point from now on; None takes it away."""
    global _hook  # noqa: PLW0603 - one hook a process is the point of it
    _hook = hook
