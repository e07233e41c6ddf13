"""Keeps the recorder's functions off every stack that can be seen. Standard library only.

One function of ours lies below the scenario's (bare_stack.py); above it lie those that stand in for
the library's, while they call the originals. CPython leaves a frame out of every stack that it
shows for as long as it has not reached its code's `RESUME` instruction, which begins each function:
the frame is not complete yet (`_PyFrame_IsIncomplete` in pycore_frame.h). So that instruction is
taken out of the code of our functions. From then on none of them is seen by `sys._getframe`, a walk
along `f_back`, `traceback`, `inspect`, `warnings`, `Task.get_stack`, a signal handler, tracing, or
as an entry of an exception's traceback.

Two things in C look at incomplete frames, too. `faulthandler` writes a line with the name of the
file that all our functions bear; the bot leaves such lines out. On Python 3.11 a coroutine
remembers them as its origin, of which debug mode tells.
"""

import dis
import sys
import warnings
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from bot.runner.protocol import recorder_frames

_FILE = recorder_frames.HIDDEN_FILE
_RECORDERS = ("bot.runner.guest.hooks", "bot.runner.protocol")
_BESIDE = (
    "bare_stack",
    "lanes",
    "output",
    "output_bytes",
    "recorded_lane",
    "recorder",
    "recorder_pipe",
    "reports",
    "surroundings",
    "tracebacks",
)
_RESUME_COUNTS = sys.version_info < (3, 12)
_LONGEST_JUMP = 255
_WORD = 2
_EXTENDED, _FORWARD, _BACKWARD = (
    dis.opmap[name] for name in ("EXTENDED_ARG", "JUMP_FORWARD", "JUMP_BACKWARD")
)
_ORIGIN_HAS_ALL = sys.version_info < (3, 12)
_MORE = 4
"""How many of our frames lie between a coroutine's creation and the scenario's first, at most."""
_NOP = bytes((dis.opmap["NOP"], 0))


def hide() -> None:
    """Hide every function of the recorder, and those that they will make, for good."""
    for module in _modules():
        for function in _functions(module, module.__name__):
            function.__code__ = _without_resume(function.__code__)
    if _ORIGIN_HAS_ALL:
        _clear_origins()


def caller() -> FrameType | None:
    """Return the innermost frame that is not hidden: the recorder's caller's, if there is one."""
    try:
        return sys._getframe(1)  # noqa: SLF001 - the only way to one's callers
    except ValueError:  # C did
        return None


def _modules() -> list[ModuleType]:
    beside = {f"bot.runner.guest.{name}" for name in _BESIDE}
    return [
        module
        for name, module in sys.modules.items()
        if name in beside or name.startswith(_RECORDERS)
    ]


def _functions(owner: Any, module: str) -> Iterator[FunctionType]:
    """Yield the functions that a module or class defines, methods and properties included."""
    made = f"namedtuple_{owner.__name__}"  # the module of its constructor, by typing.NamedTuple
    for value in list(vars(owner).values()):
        if isinstance(value, property):
            parts = [value.fget, value.fset]
        else:
            parts = [getattr(value, "__func__", value)]
        for part in parts:
            if isinstance(part, FunctionType) and part.__module__ in {module, made}:
                yield part
            elif isinstance(part, type) and part.__module__ == module and part is not owner:
                yield from _functions(part, module)


def _without_resume(code: CodeType) -> CodeType:
    """Return code whose frames are never complete; so is what it defines.

    A suspended generator's frame is on no stack, and a running one's counts as complete anyway.
    """
    constants = tuple(
        _without_resume(one) if isinstance(one, CodeType) else one for one in code.co_consts
    )
    raw = bytearray(code.co_code)
    begin = None
    for instruction in dis.get_instructions(code):
        if begin is not None:  # what lies between are its caches
            raw[begin : instruction.offset] = _NOP * ((instruction.offset - begin) // _WORD)
            if _RESUME_COUNTS:
                _count(raw, begin)
            break
        if instruction.opname == "RESUME":
            begin = instruction.offset
    return code.replace(co_code=bytes(raw), co_consts=constants, co_filename=_FILE)


def _count(raw: bytearray, begin: int) -> None:
    """Have an instruction counted that is executed at each call, instead of the one at `begin`.

    Python 3.11 makes code faster that is executed often, and counts `RESUME` and jumps backward.
    So the code begins with a jump to its end and another back from there. A jump may need two
    instructions; the one before `begin`, which prepares a closure's variables, is moved to the end.
    """
    moved = raw[begin - _WORD : begin] if begin else b""
    forward = (len(raw) - begin) // _WORD - 1
    back = forward + len(moved) // _WORD + 2
    if forward > _LONGEST_JUMP and not moved:
        return
    jump = bytes((_EXTENDED, forward >> 8)) if moved else b""
    raw[begin - len(moved) : begin + _WORD] = jump + bytes((_FORWARD, forward & 0xFF))
    raw += moved + bytes((_EXTENDED, back >> 8, _BACKWARD, back & 0xFF))


def _clear_origins() -> None:
    """Leave our frames out where debug mode tells about a coroutine's origin."""
    get_depth = sys.get_coroutine_origin_tracking_depth
    set_depth = sys.set_coroutine_origin_tracking_depth

    def get_coroutine_origin_tracking_depth() -> int:
        return max(0, get_depth() - _MORE)

    def set_coroutine_origin_tracking_depth(depth: int) -> None:
        set_depth(depth + _MORE if depth > 0 else depth)

    sys.get_coroutine_origin_tracking_depth = get_coroutine_origin_tracking_depth
    sys.set_coroutine_origin_tracking_depth = set_coroutine_origin_tracking_depth
    library: Any = warnings
    warn = library._warn_unawaited_coroutine  # noqa: SLF001 - C calls it by this name

    def _warn_unawaited_coroutine(coro: Any) -> None:
        warn(_Told(coro) if coro.cr_origin else coro)

    library._warn_unawaited_coroutine = _warn_unawaited_coroutine  # noqa: SLF001 - as above


class _Told:
    """What `warnings` asks of a coroutine that was never awaited."""

    def __init__(self, coro: Any) -> None:
        self.__qualname__ = coro.__qualname__
        places = [place for place in coro.cr_origin if place[0] != _FILE]
        self.cr_origin = tuple(places[: sys.get_coroutine_origin_tracking_depth() or None])
