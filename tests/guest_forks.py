"""A small fork server for tests of the guest, without confinement. Standard library only.

    python -I -S guest_forks.py ROOT YOUNG

ROOT is where the package lies, YOUNG is for `PreparedRun`.

Reads one JSON object a line, {"code", "name"}; answers each with one, {"born", "events", "stdout",
"stderr", "status"}, bytes in Base64. Any Python that the guest supports can run it.
"""

import base64
import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.runner.guest.bare_stack import Call
    from bot.runner.guest.run import PreparedRun

_DEADLINE = 60.0
"""Seconds that a scenario may take."""


def drain(descriptor: int, into: bytearray) -> None:
    """Read a pipe to its end."""
    while chunk := os.read(descriptor, 1 << 16):
        into += chunk
    os.close(descriptor)


def end_late(pid: int, ended: threading.Event) -> None:
    """End a scenario that waits for ever: one test fails, and the others have their guest."""
    if not ended.wait(_DEADLINE):
        os.kill(pid, signal.SIGKILL)


def life(
    guest: "PreparedRun",
    rehearse: Callable[[], None],
    pipes: list[tuple[int, int]],
    code: str,
    name: str,
) -> Iterator["Call"]:
    """Be the child."""
    status = 99
    try:
        guest.stack.settle()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for (_, writer), wanted in zip(pipes, (1, 2, 3), strict=True):
            os.dup2(writer, wanted + 40)
        os.closerange(3, 41)
        os.dup2(41, 1)
        os.dup2(42, 2)
        rehearse()
        status = yield from guest.run(code, name, 43)
    finally:
        os._exit(status)


def run(
    guest: "PreparedRun", rehearse: Callable[[], None], code: str, name: str
) -> dict[str, object]:
    """Run one scenario in a fork; return all that came out of it."""
    pipes = [os.pipe() for _ in range(3)]
    born = time.perf_counter_ns()
    pid = os.fork()
    if pid == 0:
        guest.stack.leave(life(guest, rehearse, pipes, code, name))
    outputs = [bytearray() for _ in pipes]
    readers = []
    for (reader, writer), output in zip(pipes, outputs, strict=True):
        os.close(writer)
        # A name of its own: the guest's first thread must still be "Thread-1".
        readers.append(threading.Thread(target=drain, args=(reader, output), name="drain"))
    ended = threading.Event()
    threads = [*readers, threading.Thread(target=end_late, args=(pid, ended), name="deadline")]
    for thread in threads:
        thread.start()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    ended.set()
    for thread in threads:
        thread.join()
    _, status = os.waitpid(pid, 0)
    stdout, stderr, events = (base64.b64encode(output).decode() for output in outputs)
    return {
        "born": born,
        "status": os.waitstatus_to_exitcode(status),
        "stdout": stdout,
        "stderr": stderr,
        "events": events,
    }


def main() -> None:
    """Answer until the input ends."""
    sys.path.insert(0, sys.argv[1])
    from bot.runner.guest import run as guest_run  # noqa: PLC0415 - only now it can be found

    sys.path.pop(0)
    guest_run.prepare()
    prepared = guest_run.PreparedRun(int(sys.argv[2]))
    prepared.set_aside()
    gc.collect()
    gc.freeze()
    prepared.young.complete()
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in requests:
        asked = json.loads(line)
        answers.write(
            json.dumps(run(prepared, guest_run.rehearse, asked["code"], asked["name"])) + "\n"
        )
        answers.flush()


if __name__ == "__main__":
    assert Path(sys.argv[1]).is_dir()
    main()
