"""How the fork server confines itself, and makes ready what confines its children.

Standard library only: this runs in the fork server.
"""

import base64
import os
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.runner.confinement.kernel import PR_SET_NO_NEW_PRIVS, Kernel
from bot.runner.guest import child_setup
from bot.runner.guest.proc_files import ProcFiles
from bot.runner.guest.run_groups import RunGroups
from bot.runner.guest.thread_limiter import Questions, ThreadLimiter
from bot.runner.protocol.control_socket import Message

_GENEROUS_BYTES, _GENEROUS_SECONDS = 1 << 40, 600


@dataclass(frozen=True, slots=True)
class Confined:
    """What came of it."""

    tightening: child_setup.Tightening
    thread_limiter: ThreadLimiter | None
    """Counts threads; None where the kernel does not ask."""
    groups: RunGroups
    wrong: dict[str, str]
    """Layer → what the kernel said against it, or ""."""


def confine(kernel: Kernel, proc: ProcFiles, message: Message, descriptors: list[int]) -> Confined:
    """Enter every layer that the bot sent."""
    wrong = {"no-new-privileges": _attempt(lambda: kernel.prctl(PR_SET_NO_NEW_PRIVS, 1))}
    own, childs = descriptors or (None, None)
    if own is not None:
        wrong["landlock-files"] = _attempt(lambda: kernel.restrict_self(own))
        os.close(own)
    thread_limiter = None
    filters = [base64.b64decode(one) for one in message["server_filters"]]
    if filters:
        asking, silent = filters
        try:
            questions = Questions(kernel.filter_self(asking, listen=True))
            thread_limiter = ThreadLimiter(questions, proc, message["threads"])
            wrong["thread-limit"] = ""
        except OSError as error:
            wrong["thread-limit"] = str(error)
            wrong["seccomp-allow-list"] = _attempt(lambda: kernel.filter_self(silent))
    tightening = child_setup.Tightening(
        server=os.getpid(),
        ruleset=childs,
        program=base64.b64decode(message["child_filter"]),
        own_pid=base64.b64decode(message["own_pid"]),
    )
    wrong["resource-limits"] = _canary(kernel, tightening)
    groups = RunGroups(**message["groups"])
    return Confined(tightening, thread_limiter, groups, wrong)


def _canary(kernel: Kernel, tightening: child_setup.Tightening) -> str:
    """Confine a child as every run will be; return what went wrong, or ""."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _try_child(kernel, tightening, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        wrong = answer.read().decode(errors="replace")
    _, status = os.waitpid(pid, 0)
    return wrong or ("" if status == 0 else f"a child ended with status {status}")


def _try_child(kernel: Kernel, tightening: child_setup.Tightening, writer: int) -> NoReturn:
    """Be the canary."""
    try:
        child_setup.limit(memory=_GENEROUS_BYTES, seconds=_GENEROUS_SECONDS)
        kernel.drop_capabilities()
        tightening.restrict_files(kernel)
        tightening.restrict_calls(kernel)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the server must hear of it
        os.write(writer, str(error).encode())
    finally:
        os._exit(0)


def _attempt(step: Any) -> str:
    """Take one step of the confinement; return "", or what the kernel said against it."""
    try:
        step()
    except OSError as error:
        return str(error)
    return ""
