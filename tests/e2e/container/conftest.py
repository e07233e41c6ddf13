"""A real image, built from the Dockerfile and run with exactly the compose file's restrictions."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
Docker = Callable[..., subprocess.CompletedProcess[str]]


def _docker(*args: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "DOCKER_BUILDKIT": os.environ.get("DOCKER_BUILDKIT", "0")},
    )


@pytest.fixture(scope="session")
def docker() -> Docker:
    """Run the docker client; the tests of a host without an engine are left out."""
    if shutil.which("docker") is None or _docker("info", timeout=30).returncode != 0:
        pytest.skip("no Docker engine answers here")
    return _docker


def _build(docker: Docker, tag: str, *options: str) -> str:
    # One build at a time, whichever worker comes first: the others find its layers cached.
    with (Path("/tmp") / f"asyncio-tutor-build-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = docker("build", "--network", "host", "--quiet", "--tag", tag, *options, ".")
    assert built.returncode == 0, built.stderr
    return tag


@pytest.fixture(scope="session")
def image(docker: Docker) -> str:
    """Build what admins run."""
    return _build(docker, "asyncio-tutor:tested")


@pytest.fixture(scope="session")
def image_with_tests(docker: Docker) -> str:
    """Build the same with the tests inside."""
    return _build(docker, "asyncio-tutor:tests", "--target", "test")


@pytest.fixture(scope="session")
def restrictions() -> list[str]:
    """Translate compose.yaml's restrictions into options of `docker run`."""
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tutor"]
    options = ["--user", service["user"], "--init" if service["init"] else "--init=false"]
    options += [f"--cap-drop={name}" for name in service["cap_drop"]]
    options += [f"--security-opt={name}" for name in service["security_opt"]]
    options += ["--memory", service["mem_limit"], "--memory-swap", service["memswap_limit"]]
    options += ["--pids-limit", str(service["pids_limit"])]
    return [*options, "--read-only"] if service["read_only"] else options


@pytest.fixture
def container(docker: Docker, request: pytest.FixtureRequest) -> Iterator[str]:
    """Name a container, and see that it is gone afterwards."""
    name = f"tutor-{os.getpid()}-{request.node.name.replace('[', '-').replace(']', '')}"
    yield name
    docker("rm", "--force", name)
