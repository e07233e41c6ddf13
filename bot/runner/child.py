"""A forked child's life: wait for the scenario that it is to run, run it, and leave.

A child is forked ahead of need, so that most of a fork's cost lies behind it when a run is
asked for; until then it has seen nothing of any scenario.
"""

import json
import os
import socket
from typing import Any, NoReturn

from bot.runner import cell, guest
from bot.runner.control import Inbox, Message
from bot.runner.kernel import Kernel


def live(kernel: Kernel, tightening: cell.Tightening, orders: socket.socket) -> NoReturn:
    """Be the child; `orders` brings one message, the run's limits and descriptors."""
    status = cell.BROKEN
    try:
        cell.settle(kernel, tightening, orders.fileno())
        limits, descriptors = _order(orders)
        os.dup2(descriptors[2], cell.STDERR)  # for what may go wrong from here on
        name, code = cell.enter(kernel, tightening, limits, descriptors).split(b"\0", 1)
        status = 1  # whatever goes wrong now is the scenario's doing
        status = guest.main(_text(code), _text(name), cell.EVENTS)
    except BaseException as error:  # noqa: BLE001 - nothing may return into the server's loop
        if status == cell.BROKEN:
            os.write(cell.STDERR, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)


def _order(orders: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Wait for the run; without one, leave."""
    inbox = Inbox()
    json.loads("{}")  # touches what it takes while there is time
    messages: list[tuple[Message, list[int]]] = []
    while not messages:
        if not inbox.read(orders):
            os._exit(0)
        messages += inbox.messages()
    ((message, descriptors),) = messages
    return message["limits"], descriptors


def _text(data: bytes) -> str:
    """Return what the bot wrote; a scenario may hold lone surrogates."""
    return data.decode("utf-8", "surrogatepass")
