"""Finds the library's modules without listing its folders.

To import from a folder, Python lists it once and remembers the names. Where scenarios may read the
library but must not see what else is installed in its folder, the fork server lists it ahead of
its confinement, and these finders keep the names for good: `importlib.invalidate_caches()`
changes nothing.

Standard library only: this runs in the fork server and, inherited, in every scenario.
"""

import os
import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from importlib.util import spec_from_file_location
from types import ModuleType

_LOADERS = (
    *((suffix, ExtensionFileLoader) for suffix in EXTENSION_SUFFIXES),
    *((suffix, SourceFileLoader) for suffix in SOURCE_SUFFIXES),
    *((suffix, SourcelessFileLoader) for suffix in BYTECODE_SUFFIXES),
)
"""In the order in which Python itself tries them."""


class LibraryFinder:
    """A path entry finder: finds modules of one folder among the names that it had at first."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._names = frozenset(os.listdir(path))  # noqa: PTH208 - pathlib is not imported into every child

    def find_spec(self, fullname: str, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Return where a module lies, or None if it is not in this folder."""
        name = fullname.rpartition(".")[2]
        if name in self._names:
            folder = f"{self._path}/{name}"
            for suffix, loader in _LOADERS:
                file = f"{folder}/__init__{suffix}"
                if os.path.isfile(file):  # noqa: PTH113 - as above
                    return spec_from_file_location(
                        fullname,
                        file,
                        loader=loader(fullname, file),
                        submodule_search_locations=[folder],
                    )
        for suffix, loader in _LOADERS:
            if name + suffix in self._names:
                file = f"{self._path}/{name}{suffix}"
                return spec_from_file_location(fullname, file, loader=loader(fullname, file))
        return None


def keep_names() -> None:
    """List each folder of `sys.path` now, for all time to come."""
    for path in sys.path:
        if os.path.isdir(path):  # noqa: PTH112 - as above
            sys.path_importer_cache[path] = LibraryFinder(path)
