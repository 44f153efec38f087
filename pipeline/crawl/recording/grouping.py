"""Several tasks' work done in one step, so that one sync and one transaction serve them all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WAIT_SECONDS: Final = 0.02
"""An item waits no longer for others: nothing beside the pause between two requests to a publisher."""
MOST: Final = 64


class Grouped(Generic[Item, Result]):
    """Collects items until every task that may bring one soon has done so, the first has waited WAIT_SECONDS, or it is MOST.

    For one event loop.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], Sequence[Result]], weight: Callable[[Item], int] = lambda _item: 1
    ) -> None:
        """``work`` does the items and gives a result for each, in order. ``weight``: how much of MOST an item takes."""
        self._work = work
        self._weight = weight
        self._weights = 0
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._coming = 0
        self._timer: asyncio.TimerHandle | None = None
        self._expected = _Expected(self._expect, self._expect_no_more)

    def coming(self) -> AbstractContextManager[None]:
        """An item may come from here soon: the others wait for it."""
        return self._expected

    def _expect(self) -> None:
        """One more task may bring an item."""
        self._coming += 1

    def _expect_no_more(self) -> None:
        """It will not, or has done so."""
        self._coming -= 1
        if self._waiting and self._is_complete:
            self.do()

    async def add(self, item: Item) -> Result:
        """The result of an item, once it is done. Raises what the work raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future))
        self._weights += self._weight(item)
        if self._is_complete:
            self.do()
        elif self._timer is None:
            self._timer = loop.call_later(WAIT_SECONDS, self.do)
        return await future

    @property
    def _is_complete(self) -> bool:
        return len(self._waiting) >= self._coming or self._weights >= MOST

    def do(self) -> None:
        """Does what is waiting."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting, self._weights = self._waiting, [], 0
        if not waiting:
            return
        try:
            results = self._work([item for item, _ in waiting])
        except BaseException as error:  # noqa: BLE001 - handed to every task that waits
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(waiting, results, strict=True):
            if not future.done():
                future.set_result(result)


class _Expected:
    """Around what a task does until its item came; one for all tasks, since it holds nothing."""

    def __init__(self, begin: Callable[[], None], end: Callable[[], None]) -> None:
        self._begin = begin
        self._end = end

    def __enter__(self) -> None:
        self._begin()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()
