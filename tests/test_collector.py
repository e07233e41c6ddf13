"""What garbage is collected when, while the bot serves."""

import gc
import platform
import weakref
from pathlib import Path

import pytest

from bot.collector import spaced_full_collections
from tests.processes import until


class Cycle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.itself = self


async def test_what_lived_on_is_collected_at_the_next_full_collection() -> None:
    async with spaced_full_collections(every=0.01):
        kept = Cycle()
        gc.collect(1)
        gc.collect(1)  # it is in the oldest generation now
        gone = weakref.ref(kept)
        del kept
        assert gone() is not None, "young garbage alone does not free it"
        await until(lambda: gone() is None)
    assert gone() is None


def resident() -> int:
    """Return the pages of memory that this process has (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked to")
async def test_memory_that_is_free_between_what_lives_is_given_back() -> None:
    blocks = [bytes(5_000) for _ in range(10_000)]
    many = resident()
    del blocks[1::2], blocks[1::2]
    del blocks[1::2]  # one in eight lives on
    assert resident() > many - 1_000
    async with spaced_full_collections(every=0.01):
        await until(lambda: resident() < many - 4_000)
    assert blocks


async def test_full_collections_are_as_before_in_the_end() -> None:
    before = gc.get_threshold()
    full = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            full.append(info)

    gc.callbacks.append(note)
    try:
        async with spaced_full_collections(every=3600.0):
            assert gc.get_threshold()[:2] == before[:2]
            living = [[number] for number in range(400_000)]
            assert len(living) == 400_000
            assert full == []
        assert gc.get_threshold() == before
    finally:
        gc.callbacks.remove(note)
