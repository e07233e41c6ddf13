"""Records one run from inside it, without changing the scenario's code. Standard library only."""

from bot.runner import wire
from bot.runner.channel import Channel, now
from bot.runner.lanes import Lanes
from bot.runner.output import Output
from bot.runner.source_lines import SourceLines
from bot.runner.tracebacks import Raised


class Recorder:
    """Everything that is recorded of one run, from its start to its end."""

    def __init__(self) -> None:
        self.channel = Channel()
        self.lanes = Lanes(self.channel)
        self.source = SourceLines()
        self.stdout = Output(self.channel, 1, self.lanes.speaker, self._line)
        self.stderr = Output(self.channel, 2, self.lanes.speaker, self._line)

    def _line(self) -> int:
        """Return the scenario's line that prints; where none of its code does, its lane's."""
        return self.source.here(2) or self.lanes.current().line

    def open(self, descriptor: int, filename: str) -> None:
        """Record to `descriptor` from now on; what came before was a rehearsal.

        :param filename: what the scenario's code is compiled as
        """
        self.source.filename = filename
        self.lanes.reset()
        self.channel.open(descriptor)
        self.channel.holding = True

    def start(self, python: str) -> None:
        """Say that the scenario's first instruction is about to run."""
        at, pending = now(), self.channel.pending
        compilers = [wire.stamped(frame, at) for frame in pending]  # a SyntaxWarning, say
        pending[:] = [wire.frame(wire.STARTED, 0, 0, at, python.encode()), *compilers]
        self.channel.holding = False
        self.lanes.state(self.lanes.main, wire.RUNNING, at=at)
        self.channel.flush()

    def idle(self) -> None:
        """Write everything out, unfinished lines too: the process is about to sleep."""
        self.stdout.send()
        self.stderr.send()
        self.channel.flush()

    def finish(self, how: int, raised: Raised | None) -> None:
        """Say how the scenario ended; nothing is recorded after that."""
        self.stdout.send()
        self.stderr.send()
        at = now()
        error = ""
        if raised is not None:
            error = f"{raised.type}: {raised.message}" if raised.message else raised.type
        ending, line = (wire.FAILED, raised.line) if raised else (wire.DONE, 0)
        self.lanes.left(self.lanes.main, ending, error, at, line)
        if raised is None:
            self.channel.close(wire.ending(how, at))
            return
        last = wire.ending(
            how,
            at,
            line=raised.line,
            kind=raised.type,
            message=raised.message,
            traceback=raised.traceback,
        )
        self.channel.close(last)
