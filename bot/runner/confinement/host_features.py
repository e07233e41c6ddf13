"""Layers that some hosts offer beyond what is required. They are reported, never relied on."""

import os
from pathlib import Path

from bot.runner.confinement import cgroup, landlock
from bot.runner.confinement.layer import Layer

_SCOPES_SINCE = 6  # Landlock ABI, Linux 6.12
_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")


def host_features() -> tuple[Layer, ...]:
    """Return this host's optional features. It blocks: it reads a few files of the kernel."""
    return (_scopes(), _namespaces(), _cgroup())


def _scopes() -> Layer:
    name = "landlock-scopes"
    try:
        abi = landlock.abi_version()
    except landlock.LandlockMissingError as error:
        return Layer(name, "missing", str(error), required=False)
    if abi >= _SCOPES_SINCE:
        why = "signals and abstract sockets stay inside, a second time: seccomp sees to it, too"
        return Layer(name, "enforced", why, required=False)
    why = f"the kernel's Landlock (ABI {abi}) has none; seccomp alone holds signals and sockets"
    return Layer(name, "missing", why, "It needs Linux 6.12 or newer.", required=False)


def _namespaces() -> Layer:
    name = "user-and-pid-namespaces"
    allowed = (
        _number("sys/user/max_user_namespaces") > 0
        and _number("sys/kernel/unprivileged_userns_clone", 1) > 0
        and _number("sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 0
    )
    if not allowed:
        why = "this host gives none to unprivileged users; nothing rests on them"
        return Layer(name, "missing", why, required=False)
    why = "the kernel offers them; not used, as no scenario can start or signal a process"
    return Layer(name, "unused", why, required=False)


def _cgroup() -> Layer:
    """Tell whether this process may make control groups of its own, as systemd delegates them."""
    own = _own_cgroup()
    if own is not None and os.access(own / "cgroup.procs", os.W_OK):
        why = f"{own} is delegated to this user, and not used: each run is one capped process"
        remedy = "To cap all runs together, name a group below it in TUTOR_SANDBOX_CGROUP."
        return Layer(cgroup.CGROUP_LAYER, "unused", why, remedy, required=False)
    why = "none is delegated to this user; the bot itself holds the sum of all runs"
    remedy = (
        "Cap the bot as a whole: mem_limit and pids_limit in compose.yaml, or systemd's MemoryMax."
    )
    return Layer(cgroup.CGROUP_LAYER, "missing", why, remedy, required=False)


def _own_cgroup() -> Path | None:
    try:
        entries = (_PROC / "self/cgroup").read_text().splitlines()
    except OSError:
        return None
    own = [entry.removeprefix("0::/") for entry in entries if entry.startswith("0::/")]
    return _CGROUPS / own[0] if own else None


def _number(path: str, absent: int = 0) -> int:
    """Return the number in a file of /proc, or `absent` where the kernel has no such file."""
    try:
        return int((_PROC / path).read_text())
    except (OSError, ValueError):
        return absent
