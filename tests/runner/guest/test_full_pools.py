"""What is made after the holes are filled lies together, with each Python's own allocator."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.processes import pythons

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import json
from bot.runner.guest.full_pools import fill_pools
def pages():
    return len({id(one) >> 12 for one in [bytes(60) for _ in range(200)]})
def main():
    held = [bytes(60) for _ in range(50_000)]
    del held[::100]
    scattered = pages()
    filling = fill_pools()
    print(json.dumps([scattered, pages(), sum(map(len, filling))]))
main()
"""


@pytest.mark.parametrize("version", pythons())
def test_new_objects_lie_together(version: str) -> None:
    answer = subprocess.run(
        [pythons()[version], "-I", "-c", SCRIPT, ROOT], capture_output=True, check=True
    )
    scattered, together, filled = json.loads(answer.stdout)
    assert scattered > 50, "there were holes"
    assert together < 10  # 200 of 96 bytes take five pages
    assert filled < 4 << 20
