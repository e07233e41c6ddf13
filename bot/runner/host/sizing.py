"""How many runs at once fit into the memory and the processes that there are.

The figures are measured: docs/performance.md. Runs that do not fit are not lost: they wait until
there is room (`capacity`); but then they wait longer than the queue tells.
"""

from bot.runner.host.capacity import RESERVED_PROCESSES, reserve
from bot.runner.host.room import Room

_MIB = 1 << 20
BOT_BYTES = 160 * _MIB
"""The bot, the sandbox's server and the two processes that draw."""
RUN_BYTES = 3 * _MIB
RUN_PROCESSES = 4
"""A run's process, and threads for most of the course; a run may have up to `Limits.threads`."""


def runs_that_fit(room: Room) -> int:
    """Return how many ordinary runs fit at once, at least 1."""
    # New runs wait from twice the reserve on.
    fitting = (room.memory_total - 2 * reserve(room) - BOT_BYTES) // RUN_BYTES
    if room.processes is not None:
        fitting = min(fitting, (room.processes - RESERVED_PROCESSES) // RUN_PROCESSES)
    return max(fitting, 1)


def too_many(runs_at_once: int, room: Room) -> str:
    """Return a sentence that says what to write where runs at once do not fit; "" if they do."""
    fitting = runs_that_fit(room)
    if runs_at_once <= fitting:
        return ""
    processes = "" if room.processes is None else f" and {room.processes} processes"
    return (
        f"TUTOR_RUNS_AT_ONCE is {runs_at_once}, but only about {fitting} ordinary runs fit into "
        f"{room.memory_total // _MIB} MiB of memory{processes}. "
        f"Set TUTOR_RUNS_AT_ONCE={fitting}, or allow more memory and processes (in compose.yaml "
        "mem_limit, memswap_limit and pids_limit)."
    )
