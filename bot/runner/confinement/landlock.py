"""Landlock rulesets, made in the bot and handed to the fork server as descriptors.

A ruleset needs no privilege to make and none to enter. See landlock(7) for the versions
("ABI") that kernels offer, and for what no version covers: stat(2), chdir(2) and the like,
which give away that a path exists; the seccomp filter denies those that change anything.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Folders inside a standard library that hold what others installed; scenarios see none of it."""


class LandlockMissingError(Exception):
    """This host's kernel or libraries have no Landlock; says which and why."""


def library() -> ModuleType:
    """Load the binding.

    :raises LandlockMissingError: where it is not installed (it is for Linux only)
    """
    try:
        import py_landlock  # noqa: PLC0415 - absent on hosts other than Linux
    except (ImportError, OSError, AttributeError) as error:
        raise LandlockMissingError(f"py-landlock cannot be loaded: {error}") from error
    module: ModuleType = py_landlock
    return module


def abi_version() -> int:
    """Return the kernel's Landlock ABI.

    :raises LandlockMissingError: if the kernel has none, or has it switched off
    """
    lib = library()
    try:
        return int(lib.get_abi_version())
    except (OSError, lib.LandlockError) as error:
        raise LandlockMissingError(str(error)) from error


def ruleset(
    library_paths: Sequence[Path], *, files: Iterable[Path] = (), group: Path | None = None
) -> int:
    """Return a descriptor of a ruleset that lets through nothing but reading.

    :param library_paths: `sys.path` of the fork server: readable without what is INSTALLED there
    :param files: files, and folders whose files, may be read too
    :param group: a control group beneath which others are made, written to and removed
    :raises LandlockMissingError: if the kernel has no Landlock
    """
    lib = library()
    from py_landlock import abi as known  # noqa: PLC0415 - as in `library`

    abi = known.ABIVersion(abi_version())
    attributes = lib.RulesetAttr(
        handled_access_fs=int(known.get_supported_fs(abi)),
        handled_access_net=int(known.get_supported_net(abi)),
        scoped=int(known.get_supported_scope(abi)),
    )
    read, look = int(lib.AccessFs.READ_FILE), int(lib.AccessFs.READ_DIR)
    made = int(lib.create_ruleset(attributes))
    try:
        for path in library_paths:
            if path.is_dir():
                # No right to list the folder itself: it would hold for all beneath it. See
                # library_finder.py for how its modules are found all the same.
                for entry in path.iterdir():
                    if entry.name not in INSTALLED:
                        _allow(lib, made, entry, read | look if entry.is_dir() else read)
            elif path.exists():
                _allow(lib, made, path, read)
        for path in files:
            _allow(lib, made, path, read)
        if group is not None:
            change = lib.AccessFs.WRITE_FILE | lib.AccessFs.MAKE_DIR | lib.AccessFs.REMOVE_DIR
            _allow(lib, made, group, read | look | int(change))
    except BaseException:
        os.close(made)
        raise
    return made


def _allow(lib: ModuleType, ruleset: int, path: Path, access: int) -> None:
    """Grant `access` beneath `path`, if it can be opened."""
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a dangling link, say; nothing to grant
        return
    try:
        lib.add_rule(ruleset, _path_rule(beneath, access))
    finally:
        os.close(beneath)


def _path_rule(beneath: int, access: int) -> object:
    from py_landlock.landlock_sys import PathBeneathAttr  # noqa: PLC0415 - as in `library`

    return PathBeneathAttr(allowed_access=access, parent_fd=beneath)
