"""Sentences about a run: waiting for it, how it ended, how long it took, what it shows."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.runner.model import Finished, Limits, Outcome
from bot.timeline.model import Measure
from bot.tutor.words.speech import FixedSentence, Speech, span

_NOTHING = 0.005
"""Seconds of waiting that are not worth a word."""

_WORK = 0.1
"""Seconds of work that are worth a word: as many as count as blocking the event loop."""

_WORTH_SAYING = 0.02
"""The share of saved waiting that is worth a word."""


_ENDED: Final[Mapping[Outcome, Wording]] = {
    Outcome.OK: Wording(ko="끝까지 실행했습니다.", en="It ran to its end."),
    Outcome.TIMEOUT: Wording(
        ko="제한 시간 {wall}가 지나도 끝나지 않아 멈췄습니다.",
        en="Stopped: it was still running at its deadline of {wall}.",
    ),
    Outcome.CPU: Wording(
        ko="CPU 시간 {cpu}를 모두 써서 멈췄습니다. 끝나지 않는 반복문이 있을 수 있습니다.",
        en="Stopped: it used up its {cpu} of processor time, as an endless loop does.",
    ),
    Outcome.MEMORY: Wording(
        ko="메모리를 한도({memory})까지 써서 멈췄습니다.",
        en="Stopped: it used up its {memory} of memory.",
    ),
    Outcome.THREADS: Wording(
        ko="스레드를 한도({threads}개)보다 많이 만들어 멈췄습니다.",
        en="Stopped: it started more than {threads} threads at once.",
    ),
    Outcome.EVENTS: Wording(
        ko="태스크와 스레드가 기록 한도보다 많이 움직여 멈췄습니다.",
        en="Stopped: its tasks and threads did more than can be recorded.",
    ),
    Outcome.OUTPUT: Wording(
        ko="출력이 너무 많아 멈췄습니다. 한도는 {lines}줄, {most}, 한 줄에 {bytes}바이트입니다.",
        en="Stopped: it printed too much. The limits are {lines} lines, {most}, and {bytes} bytes "
        "a line.",
    ),
    Outcome.DEADLOCK: Wording(
        ko="멈췄습니다: 모두가 기다리기만 하고, 깨울 수 있는 것이 없습니다(교착 상태).",
        en="Stopped: everything in it waits, and nothing can ever wake it: a deadlock.",
    ),
    Outcome.CRASHED: Wording(
        ko="Python 자체가 비정상 종료되었습니다.", en="Python itself crashed."
    ),
    Outcome.REFUSED: Wording(
        ko="실행하지 못했습니다. 지금은 이 서버에서 시나리오를 안전하게 실행할 수 없습니다.",
        en="Not started: this server cannot run scenarios safely just now.",
    ),
    Outcome.INTERRUPTED: Wording(
        ko="실행하던 컴퓨터나 샌드박스가 사라져 끊겼습니다. 시나리오의 잘못이 아닙니다. 다시 "
        "실행해 주세요.",
        en="Cut off: the computer that ran it, or its sandbox, went away. That is not the "
        "scenario's fault; please run it again.",
    ),
}
"""How a run ended; of one that raised, more is known."""


class RunWords(Speech):
    """What is said while a scenario runs, and after."""

    __slots__ = ()

    def waiting(self, position: int) -> str:
        """Tell the place in the waiting line."""
        return self._say(
            ko="차례를 기다리고 있습니다. 대기 순서: {position}번째",
            en="Waiting for a free place: number {position} in line.",
            position=position,
        )

    def needs_python(self, needed: str, have: str) -> str:
        """Say that the scenario is too new for this Python."""
        return self._say(
            ko="이 시나리오에는 Python {needed} 이상이 필요합니다. 지금 쓰는 버전은 {have}입니다.",
            en="This scenario needs Python {needed} or newer; this tutor runs {have}.",
            needed=needed,
            have=have,
        )

    def likely(self, seconds: float) -> str:
        """Tell how long a run takes, as its lesson expects."""
        time = self.seconds(seconds)
        return self._say(
            ko="실행하면 약 {time} 걸립니다.", en="It takes about {time} to run.", time=time
        )

    new_run = FixedSentence(
        ko="방금 새로 실행한 결과입니다. 앞선 실행은 나의 기록에 남아 있지 않습니다.",
        en="This is a new run: the one before is not remembered for you.",
    )
    """Stand above the replay of a run that is not the one that was seen before."""

    likely_lines = FixedSentence(ko="출력되는 줄", en="What it prints")
    """Over the lines that a lesson expects."""

    def only_on(self, needed: str) -> str:
        """Stand beside a scenario that is too new for this Python."""
        return self._say(ko="Python {needed} 이상", en="needs Python {needed}", needed=needed)

    def measured(self, measure: Measure) -> str:
        """Tell the measured time, what of its waiting overlapped, and what it worked."""
        parts = [self.only_time(measure.elapsed), self._waiting(measure)]
        if measure.worked >= _WORK:
            parts.append(self._working(measure))
        return " ".join(parts)

    def _waiting(self, measure: Measure) -> str:
        """Tell whether the waits overlapped."""
        if measure.waits < _NOTHING:
            return self._say(ko="기다린 시간은 거의 없습니다.", en="It hardly waited for anything.")
        waits, waited = self.seconds(measure.waits), self.seconds(measure.waited)
        if measure.saved < _WORTH_SAYING:
            return self._say(
                ko="대기 {waits}가 하나씩 차례로 지나갔습니다: 겹친 시간이 없습니다.",
                en="All {waits} of waiting passed one after the other: nothing overlapped.",
                waits=waits,
            )
        percent, longest = round(measure.saved * 100), self.seconds(measure.longest)
        return self._say(
            ko="대기 {waits}가 겹쳐 {waited} 만에 지나갔습니다: **{percent} % 겹침**. "
            "이어지는 대기 중 가장 긴 것은 {longest}입니다.",
            en="{waits} of waiting took {waited}: **{percent} % overlapped**. "
            "The longest chain of waits takes {longest}.",
            waits=waits,
            waited=waited,
            percent=percent,
            longest=longest,
        )

    def _working(self, measure: Measure) -> str:
        """Tell for how long code ran, and what of it went on beside the waiting."""
        worked, beside = self.seconds(measure.worked), self.seconds(measure.overlapped)
        if measure.overlapped >= _WORK:
            return self._say(
                ko="코드는 {worked} 동안 일했고, 그중 {beside}는 대기와 겹쳤습니다.",
                en="Its code worked for {worked}, {beside} of that while something waited.",
                worked=worked,
                beside=beside,
            )
        return self._say(
            ko="코드는 {worked} 동안 일했습니다.", en="Its code worked for {worked}.", worked=worked
        )

    def starved(self, late: float) -> str:
        """Say that a run differs from its lesson because the computer was too busy."""
        time = self.seconds(late)
        return self._say(
            ko="이번 실행이 강의와 다른 것은 코드 탓이 아닙니다. "
            "컴퓨터가 바빠 {time} 늦어졌습니다. 다시 실행해 보세요.",
            en="This run differs from the lesson, but not because of the code: the computer was "
            "busy and held it up for {time}. Run it again.",
            time=time,
        )

    def stopped(self, elapsed: float) -> str:
        """Tell the measured time of a run that was ended by force, as Markdown."""
        time = f"**{self.milliseconds(elapsed)}**"
        return self._say(ko="{time} 만에 끝났습니다.", en="It ended after {time}.", time=time)

    def ended(self, finished: Finished, limits: Limits) -> str:
        """Tell how a run ended, as Markdown."""
        if finished.outcome is Outcome.ERROR:
            return self._raised(finished)
        size = limits.output_bytes
        told = self._filled(
            _ENDED[finished.outcome],
            wall=self.seconds(limits.wall_seconds),
            cpu=self.exactly(f"{limits.cpu_seconds:g}"),
            memory=f"{limits.memory_bytes // 2**20} MiB",
            threads=limits.threads,
            lines=limits.output_lines,
            most=f"{size // 2**10} KiB" if size % 2**10 == 0 else f"{size / 1000:g} kB",
            bytes=limits.line_bytes,
        )
        crashed = finished.outcome is Outcome.CRASHED and finished.detail
        return f"{told} {span(finished.detail)}" if crashed else told

    def _raised(self, finished: Finished) -> str:
        failure = finished.failure
        if failure is None:
            return self._say(ko="오류로 끝났습니다.", en="It ended with an error.")
        kind = span(failure.type)
        if failure.line is None:
            return self._say(ko="예외로 끝났습니다: {kind}", en="It ended with {kind}.", kind=kind)
        return self._say(
            ko="{line}번째 줄에서 예외로 끝났습니다: {kind}",
            en="It ended with {kind} in line {line}.",
            line=failure.line,
            kind=kind,
        )

    unconfined = FixedSentence(
        ko="경고: 이 컴퓨터의 격리 기능이 부족해, 완전히 격리하지 않고 실행했습니다.",
        en="Warning: this host lacks some confinement, so this run was not fully confined.",
    )
    """Warns that this run was not fully confined."""

    incomplete_record = FixedSentence(
        ko="실행 기록이 완전하지 않아 그림이 실제와 다를 수 있습니다. 출력은 빠짐없이 있습니다.",
        en="The record of this run is not whole, so the picture may not be the whole truth. "
        "The output is: nothing of it is missing.",
    )
    """Warns that the record is not whole."""

    no_picture = FixedSentence(
        ko="이번에는 그림을 그리지 못했습니다. 출력과 걸린 시간은 그대로입니다.",
        en="The picture could not be drawn this time; the output and the time are as they are.",
    )
    """Said where the picture is lost, and nothing else."""

    def only_time(self, elapsed: float) -> str:
        """Tell the measured time of a run that could not be laid out, as Markdown."""
        time = f"**{self.milliseconds(elapsed)}**"
        return self._say(ko="걸린 시간 {time}.", en="Measured: {time}.", time=time)

    code = FixedSentence(ko="실행한 코드", en="The code that ran")
    """Titles the code of a run."""

    silent = FixedSentence(ko="출력된 줄이 없습니다.", en="It printed nothing.")
    """Said of a run that printed nothing."""

    run_again = FixedSentence(ko="다시 실행", en="Run again")
    """Labels the way to another run."""

    def compare(self, names: str) -> str:
        """Labels the way to a comparison."""
        return self._say(ko="비교: {names}", en="Compare: {names}", names=names)

    predict = FixedSentence(ko="먼저 예측해 보기", en="Predict it")
    """Labels the way to a prediction."""
