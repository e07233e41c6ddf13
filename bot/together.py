"""Several things at once that begin and end together."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


async def together(works: Iterable[Coroutine[Any, Any, _Result]]) -> list[_Result]:
    """Do all at once; return what they return, in their order, once the last has ended.

    Where one fails, the others are cancelled and have ended when its error is raised, as it is:
    unlike with `asyncio.gather`, nothing goes on that nobody waits for.

    :raises Exception: the first error
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def as_they_end(
    do: Callable[[_Job], Awaitable[_Result]], jobs: Iterable[_Job], *, at_once: int
) -> AsyncGenerator[_Result]:
    """Do each job, at most `at_once` at a time, and yield each result as soon as it is there.

    Closing it early cancels what is left, which has ended then: wrap it in `contextlib.aclosing`.

    :raises Exception: whatever `do` raises
    """
    places = asyncio.Semaphore(at_once)

    async def in_its_place(job: _Job) -> _Result:
        async with places:
            return await do(job)

    # A task group may not be held open across a `yield` (PEP 789).
    tasks = [asyncio.create_task(in_its_place(job)) for job in jobs]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        await cancel_all(tasks)


async def cancel_all(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until all have ended; what they return or raise is dropped."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event, at most this long (None: for ever); return whether it is set."""
    # Not with `asyncio.timeout`: a Ctrl-C that came while something was being printed was taken for
    # its expiry, and lost.
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=seconds)
    finally:
        waiting.cancel()
        await asyncio.wait([waiting])
    return event.is_set()
