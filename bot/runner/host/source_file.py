"""The file in which a child gets its source; it has no name, and on Linux touches no disk."""

import os
import sys
import tempfile

from bot.runner.model import RunRequest


def source_file(request: RunRequest) -> int:
    """Return the descriptor of a file with a run's name, a NUL and its code."""
    name = request.name.replace("\0", "")
    return _unnamed(f"{name}\0{request.code}".encode("utf-8", "surrogatepass"))


def _unnamed(data: bytes) -> int:
    """Return the descriptor of a file that holds `data`."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("scenario", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile(buffering=0) as file:
            descriptor = os.dup(file.fileno())
    os.set_blocking(descriptor, False)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    return descriptor
