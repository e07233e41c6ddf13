"""The attacks: each is a scenario as a hostile learner would write it.

`attempt(name, step)` prints "held" if the step was refused and "REACHED" if it worked;
`call(name, ...)` does so for a raw system call. A test demands that nothing was reached, that
the attack ran to the end that it should have, and that nothing is left of it outside.
"""

from dataclasses import dataclass, field

from bot.runner.model import Outcome

PRELUDE = """\
import ctypes, errno, os, platform, signal, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, step):
    try:
        got = step()
    except BaseException as error:
        print("held", name, type(error).__name__, flush=True)
    else:
        print("REACHED", name, repr(got)[:200], flush=True)
ARM = platform.machine() == "aarch64"
def call(name, intel, arm, *arguments):
    def step():
        number = arm if ARM else intel
        longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
        if libc.syscall(ctypes.c_long(number), *longs) == -1:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    attempt(name, step)
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile scenario and the end that it must come to."""

    name: str
    code: str
    ends: Outcome | tuple[Outcome, ...] = Outcome.OK
    limits: dict[str, float] = field(default_factory=dict)
    prints: tuple[str, ...] = ("over",)
    """Lines that must be there, to show that the attack really ran."""

    @property
    def scenario(self) -> str:
        return PRELUDE + self.code

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self.ends if isinstance(self.ends, tuple) else (self.ends,)


def survived(name: str, code: str, **limits: float) -> Attack:
    """An attack that is refused at every step, and then ends by itself."""
    return Attack(name, code + "\nprint('over')\n", Outcome.OK, limits)


def stopped(name: str, ends: Outcome | tuple[Outcome, ...], code: str, **limits: float) -> Attack:
    """An attack that does not end by itself."""
    return Attack(name, "print('begun')\n" + code, ends, limits, ("begun",))
