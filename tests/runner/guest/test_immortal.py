"""What is marked as immortal is not written to when it is used, where Python knows the mark."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.processes import pythons

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import ctypes, json, string
from bot.runner.guest.immortal import immortalize
def words(objects):
    return [ctypes.c_uint64.from_address(id(one)).value for one in objects]
def far(before, after):
    return max(abs(one - other) for one, other in zip(before, after))
def generator():
    yield
def use():
    string.capwords("a few words"), string.Template("$a").substitute(a=1)
def main():
    mine, running = [object(), {"a": []}], generator()
    next(running)
    held = [string, string.Template, string.capwords, string.capwords.__code__]
    count = immortalize([string, running])
    use()
    before = words(held), words(mine)
    more = [held * 100, mine * 100]
    for _ in range(100):
        use()
    after = words(held), words(mine)
    few = sys.getrefcount(running) < 100
    print(json.dumps([count, far(before[0], after[0]), far(before[1], after[1]), few]))
main()
"""


@pytest.mark.parametrize("version", pythons())
def test_only_what_the_roots_lead_to_is_marked(version: str) -> None:
    answer = subprocess.run(
        [pythons()[version], "-I", "-c", SCRIPT, ROOT], capture_output=True, check=True
    )
    count, shared, own, stack = json.loads(answer.stdout)
    marked = version != "3.11"
    assert (count > 1_000) is marked
    assert (shared < 10) is marked, "else each reference to it is counted in it"
    assert own >= 100
    assert stack, "what runs is not marked"
