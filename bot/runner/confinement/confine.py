"""What this host can enforce on a scenario, and how to get what it cannot yet.

Outside of runner/, nobody knows Landlock or seccomp: they see layers.
"""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SandboxError
from bot.runner.confinement import landlock, seccomp, syscalls
from bot.runner.confinement.host_features import host_features
from bot.runner.confinement.kernel import PR_SET_DUMPABLE, Kernel
from bot.runner.confinement.layer import Layer

NO_NEW_PRIVILEGES = "no-new-privileges"
FILES = "landlock-files"
SYSCALLS = "seccomp-allow-list"
THREADS = "thread-limit"
RESOURCES = "resource-limits"


@dataclass(frozen=True, slots=True)
class Confinement:
    """What the bot hands to a fork server to enter. Its descriptors are the holder's to close."""

    server_filters: tuple[bytes, ...] = ()
    """The server's seccomp filter, best first: one that asks about threads, one that does not."""
    child_filter: bytes = b""
    rulesets: tuple[int, ...] = ()
    """Descriptors of the server's Landlock ruleset and its children's narrower one, or none."""
    absent: Mapping[str, str] | None = None
    """Layer → why this host could not even prepare it."""
    host_features: tuple[Layer, ...] = ()
    """What the host offers beyond what is required."""

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in self.rulesets:
            os.close(descriptor)


def nothing(_path: Sequence[Path], _group: Path | None = None) -> Confinement:
    """Prepare no confinement at all: what hosts without Landlock and seccomp have."""
    absent = dict.fromkeys((FILES, SYSCALLS), "it was not asked for")
    return Confinement(absent=absent)


def everything(path: Sequence[Path], group: Path | None = None) -> Confinement:
    """Prepare all that this host offers. It blocks: it reads folders.

    :param path: the fork server's `sys.path`: all that may be read
    :param group: a control group in which the fork server makes one for each run
    """
    absent = {}
    rulesets: tuple[int, ...] = ()
    filters: tuple[bytes, ...] = ()
    child = b""
    try:
        # The server reads /proc to count threads, and each child opens /dev/null before it is a
        # scenario's; scenarios may do neither.
        own = [Path("/proc"), Path(os.devnull)]
        rulesets = (landlock.ruleset(path, files=own, group=group), landlock.ruleset(path))
    except landlock.LandlockMissingError as error:
        absent[FILES] = str(error)
    try:
        filters = tuple(
            seccomp.compile_filter(syscalls.server(ask=ask, groups=group is not None))
            for ask in (True, False)
        )
        child = seccomp.compile_filter(syscalls.SCENARIO)
    except seccomp.SeccompMissingError as error:
        absent[SYSCALLS] = str(error)
    return Confinement(filters, child, rulesets, absent, host_features())


def hide_this_process() -> None:
    """Let no other process of this user look into the bot: not even how many descriptors it has.

    The kernel then gives its files in /proc to root, and so does it with those of what it forks,
    until they are started by exec. Debuggers and profilers need root from here on.
    """
    with contextlib.suppress(OSError):  # on other systems
        Kernel().prctl(PR_SET_DUMPABLE, 0)


def layers(confinement: Confinement, refused: Mapping[str, str]) -> tuple[Layer, ...]:
    """Return each layer as it stands once a fork server has entered `confinement`.

    :param refused: layer → what the kernel said when the server tried to enter it
    """
    wrong = {**(confinement.absent or {}), **{k: v for k, v in refused.items() if v}}
    if SYSCALLS in wrong:
        wrong.setdefault(THREADS, "it needs the seccomp filter, which is missing")
    required = tuple(
        Layer(name, "missing", wrong[name], _REMEDIES[name])
        if name in wrong
        else Layer(name, "enforced", _PURPOSES[name])
        for name in _PURPOSES
    )
    return required + confinement.host_features


def missing(found: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return the layers without which scenarios are refused."""
    return tuple(layer for layer in found if layer.required and layer.status == "missing")


def refusal(lacking: Sequence[Layer]) -> SandboxError:
    """Return the error that names every missing layer and its remedy."""
    parts = [f"- {layer.name}: {layer.why}. {layer.remedy}" for layer in lacking]
    return SandboxError(
        "This host cannot confine scenarios, so none will run. Missing:\n"
        + "\n".join(parts)
        + "\nTo run scenarios that you trust all the same, set TUTOR_SANDBOX=best-effort."
    )


_PURPOSES = {
    NO_NEW_PRIVILEGES: "no program that a scenario starts could gain rights",
    FILES: "only the standard library can be read, nothing written",
    SYSCALLS: "only the listed system calls work: no network, no processes",
    THREADS: "each new thread of a scenario is counted before it starts",
    RESOURCES: "memory, processor time and open files are capped by the kernel",
}
_REMEDIES = {
    NO_NEW_PRIVILEGES: "It needs Linux 3.5 or newer.",
    FILES: (
        "It needs Linux 5.13 or newer with `landlock` among the names in"
        " /sys/kernel/security/lsm (boot with lsm=landlock,...), and in containers Docker"
        " 20.10.18 or newer, whose default profile allows it."
    ),
    SYSCALLS: ("It needs Linux with seccomp filters (CONFIG_SECCOMP_FILTER) on x86_64 or aarch64."),
    THREADS: (
        "It needs Linux 5.5 or newer, and a container runtime that does not itself listen"
        " to seccomp notifications."
    ),
    RESOURCES: "It needs Linux 5.9 or newer; older or other systems can run best-effort only.",
}
