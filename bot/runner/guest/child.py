"""A forked child's life: wait for the scenario that it is to run, run it, and leave.

A child is forked ahead of need, so that most of a fork's cost lies behind it when a run is
asked for; until then it has seen nothing of any scenario.
"""

import os
import select
import socket
import time
from collections.abc import Iterator
from struct import Struct
from typing import Any, NoReturn

from bot.runner.confinement.kernel import Kernel
from bot.runner.guest import child_setup, run
from bot.runner.guest.bare_stack import Call
from bot.runner.guest.limit_watch import START

_ORDER = Struct("<QQ")
"""Bytes of memory, seconds of processor time."""
_MOST_DESCRIPTORS = 8


def live(
    kernel: Kernel,
    tightening: child_setup.Tightening,
    ready: run.PreparedRun,
    orders: socket.socket,
) -> NoReturn:
    """Be the child; `orders` brings one message, the run's limits and descriptors."""
    ready.stack.leave(_life(kernel, tightening, ready, orders))


def _life(
    kernel: Kernel,
    tightening: child_setup.Tightening,
    ready: run.PreparedRun,
    orders: socket.socket,
) -> Iterator[Call]:
    """Do everything that a child does; yield the calls that stand on the stack alone."""
    status = child_setup.BROKEN
    try:
        ready.stack.settle()
        child_setup.settle(kernel, tightening, orders.fileno())
        memory, seconds, descriptors = _order(orders)
        os.dup2(descriptors[2], child_setup.STDERR)  # for what may go wrong from here on
        child_setup.limit(memory=memory, seconds=seconds)
        orders.send(START.pack(time.monotonic()))
        del orders
        name, code = child_setup.enter(kernel, tightening, descriptors).split(b"\0", 1)
        status = 1  # whatever goes wrong now is the scenario's doing
        status = yield from ready.run(_text(code), _text(name), child_setup.EVENTS)
    except BaseException as error:  # noqa: BLE001 - nothing may return into the server's loop
        if status == 1 and isinstance(error, MemoryError):
            ready.starve()
        if status == child_setup.BROKEN:
            os.write(child_setup.STDERR, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)


def order(limits: dict[str, Any], own_bytes: int) -> bytes:
    """Return what the fork server sends along with a run's descriptors.

    :param own_bytes: the address space of the interpreter itself, which a run does not pay for
    """
    # The kernel's own limit counts whole seconds, rounded up; the server's clock is exact.
    seconds = int(-(-limits["cpu_seconds"] // 1))
    return _ORDER.pack(own_bytes + limits["memory_bytes"], seconds)


def _order(orders: socket.socket) -> tuple[int, int, list[int]]:
    """Wait for the run; without one, leave. Return its limits and its descriptors."""
    if not select.select([orders], [], [], 0)[0]:  # there is time
        run.rehearse()
    data, descriptors, _, _ = socket.recv_fds(orders, _ORDER.size, _MOST_DESCRIPTORS)
    if not data:
        os._exit(0)
    memory, seconds = _ORDER.unpack(data)
    return memory, seconds, descriptors


def _text(data: bytes) -> str:
    """Return what the bot wrote; a scenario may hold lone surrogates."""
    return data.decode("utf-8", "surrogatepass")
