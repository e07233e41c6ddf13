"""Runs modules of CPython's own test package in the sandbox, and compares with plain Python.

The same program runs in both places: it loads a module's tests, or some of them, and prints one
line a test. A test that fails in the sandbox is run plainly, with an audit hook that refuses what a
scenario does not get and is not meant to: processes, and files of its own. It counts against us if
it passes there.
"""

import functools
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.runner.host.local import LocalRunner
from bot.runner.model import Finished, Limits, RunRequest, Warned, collect

MODULES = (
    *(
        f"test.test_asyncio.test_{name}"
        for name in (
            *("taskgroups", "timeouts", "locks", "queues", "waitfor", "runners", "futures"),
            *("futures2", "tasks", "threads", "context", "pep492", "protocols"),
            "eager_task_factory",
        )
    ),
    "test.test_contextlib_async",
    "test.test_asyncgen",
    "test.test_exception_group",
    "test.test_except_star",
    "test.test_sched",
    "test.test_threading_local",
    "test.test_threading",
)
LEFT_OUT = {"SubinterpThreadingTests"}
"""A second interpreter lists the library's folders as it starts, which nobody may in the sandbox;
Python can only abort then, and takes all later tests along."""
_LIMITS = Limits(
    wall_seconds=300,
    cpu_seconds=200,
    memory_bytes=2**31,
    threads=500,
    events=10_000_000,
    output_bytes=2**28,
    output_lines=1_000_000,
    line_bytes=2**20,
)
_PROGRAM = """
import json, sys, unittest

NAMES, LEFT_OUT, AUDITED = json.loads({asked!r})
REFUSED = {{
    "subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.system",
    "cpython.PyInterpreterState_New", "tempfile.mkdtemp", "tempfile.mkstemp", "os.mkdir",
    "os.remove",
}}

def audit(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes or event in REFUSED:
        raise PermissionError(1, event)

class Result(unittest.TestResult):
    def addSuccess(self, test): say("ok", test)
    def addUnexpectedSuccess(self, test): say("ok", test)
    def addExpectedFailure(self, test, error): say("ok", test)
    def addSkip(self, test, why): say("skipped", test)
    def addFailure(self, test, error): say("failed", test, self._exc_info_to_string(error, test))
    def addError(self, test, error): say("failed", test, self._exc_info_to_string(error, test))
    def addSubTest(self, test, part, error):
        if error is not None:
            say("failed", test, self._exc_info_to_string(error, test))

def say(how, test, why=""):
    told = {{"test": test.id(), "how": how, "why": why[-1500:]}}
    sys.__stdout__.write("@@" + json.dumps(told) + "\\n")

def chosen(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from chosen(one)
        elif type(one).__name__ not in LEFT_OUT:
            yield one

if AUDITED:
    sys.addaudithook(audit)
loaded = unittest.defaultTestLoader.loadTestsFromNames(NAMES)
unittest.TestSuite(chosen(loaded)).run(Result())
over = {{"test": "", "how": "over", "why": ""}}
sys.__stdout__.write("@@" + json.dumps(over) + "\\n")
"""


@dataclass(frozen=True)
class Verdict:
    """What became of a test; the last one of a run has no name."""

    test: str
    how: str
    why: str


@dataclass(frozen=True)
class Judged:
    """A module's tests in the sandbox."""

    passed: int
    wrong: list[Verdict]
    """Failed here, though plain Python passes them with the same refusals."""
    warned: list[Warned]
    finished: Finished


@functools.cache
def modules(python: Path) -> tuple[str, ...]:
    """Return those of `MODULES` that a Python has: many installations leave its tests out."""
    program = (
        "import importlib.util, json, sys\n"
        "def there(name):\n"
        "    try: return importlib.util.find_spec(name) is not None\n"
        "    except ImportError: return False\n"
        "print(json.dumps([name for name in json.loads(sys.argv[1]) if there(name)]))"
    )
    command = [str(python), "-I", "-S", "-c", program, json.dumps(MODULES)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    return tuple(json.loads(answer.stdout))


async def judge(runner: LocalRunner, python: Path, module: str) -> Judged:
    """Run a module's tests in the sandbox, and those that fail there plainly."""
    request = RunRequest(_program([module], audited=False), "referee", _LIMITS)
    result = await collect(runner.run(request))
    told = _verdicts([line.text for line in result.lines])
    assert told, result
    assert told[-1].how == "over", result.finished
    failed = {one.test: one for one in told if one.how == "failed"}
    plain = _plainly(python, sorted(failed)) if failed else {}
    wrong = [
        one
        for name, one in failed.items()
        if (other := plain.get(name)) is not None and other.how == "ok"
    ]
    warned = [one for one in result.events if isinstance(one, Warned)]
    passed = sum(one.how == "ok" for one in told)
    return Judged(passed, wrong, warned, result.finished)


def _program(names: list[str], *, audited: bool) -> str:
    return _PROGRAM.format(asked=json.dumps([names, sorted(LEFT_OUT), audited]))


def _plainly(python: Path, names: list[str]) -> dict[str, Verdict]:
    """Run some tests with nothing but Python."""
    command = [str(python), "-I", "-S", "-c", _program(names, audited=True)]
    with tempfile.TemporaryDirectory() as folder:  # some of them leave files behind
        answer = subprocess.run(
            command, capture_output=True, check=False, cwd=folder, text=True, timeout=200
        )
    return {one.test: one for one in _verdicts(answer.stdout.splitlines())}


def _verdicts(lines: list[str]) -> list[Verdict]:
    return [Verdict(**json.loads(line[2:])) for line in lines if line.startswith("@@")]
