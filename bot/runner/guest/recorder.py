"""Records one run from inside it, without changing the scenario's code. Standard library only."""

from bot.runner.guest.hooks.raw_writes import RawWrites
from bot.runner.guest.hooks.source_lines import SourceLines
from bot.runner.guest.lanes import Lanes
from bot.runner.guest.output import Output
from bot.runner.guest.recorder_pipe import RecorderPipe, now
from bot.runner.guest.tracebacks import Raised
from bot.runner.protocol import recorder_frames


class Recorder:
    """Everything that is recorded of one run, from its start to its end."""

    def __init__(self) -> None:
        self.pipe = RecorderPipe()
        self.lanes = Lanes(self.pipe)
        self.source = SourceLines()
        self.stdout = Output(self.pipe, 1, self.lanes.speaker, self._line)
        self.stderr = Output(self.pipe, 2, self.lanes.speaker, self._line)
        self._raw_writes = RawWrites(self.stdout, self.stderr)

    def _line(self) -> int:
        """Return the scenario's line that prints; where none of its code does, its lane's."""
        return self.source.here() or self.lanes.current().line

    def open(self, descriptor: int, filename: str) -> None:
        """Record to `descriptor` from now on; what came before was a rehearsal.

        :param filename: what the scenario's code is compiled as
        """
        self.source.filename = filename
        self.lanes.reset()
        self._raw_writes.open()
        self.pipe.open(descriptor)
        self.pipe.holding = True

    def start(self, python: str) -> None:
        """Say that the scenario's first instruction is about to run."""
        at, pending = now(), self.pipe.pending
        compilers = [
            recorder_frames.stamped(frame, at) for frame in pending
        ]  # a SyntaxWarning, say
        pending[:] = [
            recorder_frames.frame(recorder_frames.STARTED, 0, 0, at, python.encode()),
            *compilers,
        ]
        self.pipe.holding = False
        self.lanes.state(self.lanes.main, recorder_frames.RUNNING, at=at)
        self.pipe.flush()

    def idle(self) -> None:
        """Write everything out, unfinished lines too: the process is about to sleep."""
        self.stdout.send()
        self.stderr.send()
        self.pipe.flush()

    def finish(self, how: int, raised: Raised | None) -> None:
        """Say how the scenario ended; nothing is recorded after that."""
        self.stdout.send()
        self.stderr.send()
        at = now()
        error = ""
        if raised is not None:
            error = f"{raised.type}: {raised.message}" if raised.message else raised.type
        ending, line = (
            (recorder_frames.FAILED, raised.line) if raised else (recorder_frames.DONE, 0)
        )
        self.lanes.left(self.lanes.main, ending, error, at, line)
        if raised is None:
            self.pipe.close(recorder_frames.ending(how, at))
            return
        last = recorder_frames.ending(
            how,
            at,
            line=raised.line,
            kind=raised.type,
            message=raised.message,
            traceback=raised.traceback,
        )
        self.pipe.close(last)
