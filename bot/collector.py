"""When Python's garbage collector looks at everything that lives; memory is given back then."""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.together import cancel_all

_NEVER = 1_000_000
"""So many collections of the middle generation come before a full one: days of work."""


@asynccontextmanager
async def spaced_full_collections(*, every: float = 60.0) -> AsyncIterator[None]:
    """Make a full collection every so many seconds, and none in between.

    A full one holds the event loop for as long as it takes to look at every object, the events of
    all runs included. Python makes one whenever a quarter more objects have lived on: when many
    long records come at once, again and again. Young garbage is collected as ever. From 3.14 on,
    Python spreads the work by itself, and ignores the threshold.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    collecting = asyncio.create_task(_collect(every), name="collector")
    try:
        yield
    finally:
        await cancel_all([collecting])
        gc.set_threshold(young, middle, old)


async def _collect(every: float) -> None:
    while True:
        await asyncio.sleep(every)
        gc.collect()
        _give_back()


def _give_back() -> None:
    """Give the system what the C library keeps of freed memory, where it can be asked to (glibc).

    Only what lies at the end of its memory goes back by itself, after a crowd next to nothing.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
