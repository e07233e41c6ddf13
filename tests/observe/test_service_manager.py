"""What the service manager is told, over the sockets that there are."""

import os
import socket
from pathlib import Path

import pytest

from bot.observe.service_manager import SERVING, tell_service_manager
from tests.processes import descriptors


@pytest.mark.parametrize("abstract", [False, True])
def test_a_state_reaches_the_socket_that_is_named(tmp_path: Path, *, abstract: bool) -> None:
    address = f"@tutor-test-{tmp_path}"[:90] if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{address[1:]}" if abstract else address)
        tell_service_manager(SERVING, address)
        assert manager.recv(100, socket.MSG_DONTWAIT) == b"READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody", "x" * 200, "/"])
def test_nobody_to_tell_is_no_fault(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    before = descriptors(os.getpid())
    tell_service_manager(SERVING, address)
    assert capfd.readouterr() == ("", "")
    assert descriptors(os.getpid()) == before, "no socket is left behind"
