"""Several things at once that begin and end together."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

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
