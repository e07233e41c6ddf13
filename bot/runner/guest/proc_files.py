"""The kernel's files about processes, as the fork server reads them: proc(5).

Where root put something over /proc for its scenarios, the server has the folder open from before.
Standard library only: this runs in the fork server.
"""

import os


class ProcFiles:
    """Reads files beneath /proc."""

    def __init__(self) -> None:
        """Open the folder now, as far as there is one."""
        try:
            self._folder: int | None = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        except OSError:  # no Linux
            self._folder = None

    def read(self, name: str) -> bytes:
        """Return what a file says.

        :raises OSError: if it is not there
        """
        file = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._folder)
        try:
            parts = []
            while part := os.read(file, 1 << 14):
                parts.append(part)
        finally:
            os.close(file)
        return b"".join(parts)

    def address_space(self) -> int:
        """Return this process's address space in bytes; 0 where the kernel does not tell."""
        if self._folder is None:
            return 0
        pages = int(self.read(f"{os.getpid()}/statm").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
