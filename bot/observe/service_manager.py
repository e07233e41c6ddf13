"""Telling the service manager, such as systemd, how it stands: sd_notify(3), over its socket.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import socket
from contextlib import suppress
from typing import Final

SERVING: Final = "READY=1"
"""It serves: `systemctl start` returns, and `systemctl reload` may send its signal."""
STOPPING: Final = "STOPPING=1"


def tell_service_manager(state: str, address: str) -> None:
    """Send a state, if there is somebody to tell; that it cannot be sent is no fault of ours.

    :param address: what `NOTIFY_SOCKET` holds, a path or "@" and an abstract name; "" for nobody
    """
    if not address:
        return
    where = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.setblocking(False)  # noqa: FBT003 - its name says it
        speaker.sendto(state.encode(), where)
