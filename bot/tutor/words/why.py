"""Why a run did what it did, and what to change, in sentences."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.runner.model import Refusal
from bot.timeline.findings.model import DeadlockedLane, Finding, FindingKind
from bot.timeline.findings.swallowing import FINALLY
from bot.tutor.grammar import spell
from bot.tutor.model import Explain, Run
from bot.tutor.words.refusals import RefusalWords
from bot.tutor.words.speech import FixedSentence, Speech, span

MORE: Final[dict[FindingKind, tuple[str, str]]] = {
    "sequential_awaits": ("create_task", "sequential_tasks"),
    "blocked_loop": ("blocking_call", "blocking_sleep"),
    "never_awaited": ("forgotten_await", "forgotten_await"),
    "lost_exception": ("lost_exception", "lost_exception"),
    "unfinished_task": ("asyncio_run", "main_ends_first"),
    "swallowed_cancellation": ("cancellation", "cancel_swallowed"),
    "deadlock": ("deadlock", "deadlock"),
    "busy_wait": ("event", "event"),
    "starved": ("yielding", "starvation"),
    "late_timeout": ("blocking_call", "blocking_sleep"),
    "cancelled_gather_sibling": ("gather_errors", "gather_failure"),
}
"""Where each finding is explained: a concept, and the scenario that shows it."""

_MOST_WAITING = 4
"""Lanes of a deadlock that are named."""


_SENTENCES: Final[Mapping[tuple[FindingKind, str], Wording]] = {
    ("sequential_awaits", ""): Wording(
        ko="{who}에서 대기 {count}번이 하나씩 차례로 지나가 {time}가 걸렸습니다. 앞의 결과를 "
        "뒤에서 쓰지 않으므로 기다릴 까닭이 없습니다. `asyncio.gather(...)`나 `TaskGroup`으로 함께 "
        "시작하면 {instead} 만에 끝납니다.",
        en="{who} awaited {count} times, one after the other: {time}. Nothing that an earlier one "
        "returns is used by a later one. Started together, by `asyncio.gather(...)` or in a "
        "`TaskGroup`, they take {instead}.",
    ),
    ("blocked_loop", "sleep"): Wording(
        ko="`time.sleep`이 스레드를 통째로 재워, {name} 쪽에서 이벤트 루프를 {time} 동안 "
        "막았습니다. `await asyncio.sleep(...)`을 쓰세요.",
        en="`time.sleep` puts the whole thread to sleep, so {name} held the event loop for {time}. "
        "Use `await asyncio.sleep(...)`.",
    ),
    ("blocked_loop", "lock"): Wording(
        ko="{name} 쪽에서 `await` 없이 다른 스레드를 기다리며 이벤트 루프를 {time} 동안 "
        "막았습니다. `asyncio`의 것을 쓰거나 `await asyncio.to_thread(...)`로 기다리세요.",
        en="{name} waited for a thread without `await`, and held the event loop for {time}. Use "
        "what asyncio has for it, or wait in `await asyncio.to_thread(...)`.",
    ),
    ("blocked_loop", ""): Wording(
        ko="{name} 쪽에서 `await` 없이 계산하며 이벤트 루프를 {time} 동안 막았습니다. "
        "`await asyncio.to_thread(...)`로 옮기거나, 나누어 계산하며 사이사이 "
        "`await asyncio.sleep(0)`을 하세요.",
        en="{name} computed without an `await`, and held the event loop for {time}. Move it to "
        "`await asyncio.to_thread(...)`, or compute in parts with `await asyncio.sleep(0)` between "
        "them.",
    ),
    ("never_awaited", ""): Wording(
        ko="{who} 호출은 코루틴 객체를 만들 뿐입니다. 아무도 `await`하지 않아 한 줄도 실행되지 "
        "않았습니다. 앞에 `await`를 붙이거나 `asyncio.create_task(...)`에 넘기세요.",
        en="calling {who} only makes a coroutine. Nobody awaited it, so none of its code ran. Put "
        "`await` before it, or give it to `asyncio.create_task(...)`.",
    ),
    ("lost_exception", "future"): Wording(
        ko="퓨처가 {what} 예외로 끝났지만 아무도 받지 않았습니다. 퓨처를 변수에 담아 두고 "
        "`await`하면 예외가 전해집니다.",
        en="a future ended with {what}, and nobody took the exception. Keep it in a variable, and "
        "await it.",
    ),
    ("lost_exception", ""): Wording(
        ko="{who} 태스크가{made} {what} 예외로 끝났지만 아무도 받지 않았습니다. 태스크를 "
        "`await`하거나 `TaskGroup`에서 시작하면 예외가 전해집니다.",
        en="the task {who}{made} ended with {what}, and nobody took the exception. Await the task, "
        "or start it in a `TaskGroup`.",
    ),
    ("unfinished_task", "destroyed"): Wording(
        ko="여기서 만든 {who} 태스크가 끝나기 전에 버려졌습니다. 변수에 담아 두고, 루프를 닫기 "
        "전에 `await`하세요.",
        en="the task {who} that was made here was thrown away before it was done. Keep it in a "
        "variable, and await it before the loop is closed.",
    ),
    ("unfinished_task", ""): Wording(
        ko="여기서 만든 {who} 태스크는 `main`이 먼저 끝나면서 중간에 취소되었습니다. 끝까지 "
        "실행되어야 하면 `await`하거나 `TaskGroup`에서 시작하세요.",
        en="the task {who} that was made here was cancelled half-way, because `asyncio.run` ends "
        "with its main coroutine. Await it, or start it in a `TaskGroup`.",
    ),
    ("swallowed_cancellation", FINALLY): Wording(
        ko="{who}에 온 취소가 `finally` 안의 이 문장 때문에 사라져, 취소한 쪽은 태스크가 정상으로 "
        "끝난 줄 압니다. `finally`에서는 정리만 하고 빠져나가지 마세요.",
        en="this statement leaves the `finally` block and so drops the cancellation of {who}: the "
        "task counts as done, not as cancelled. Only clean up there.",
    ),
    ("swallowed_cancellation", ""): Wording(
        ko="{who}에 온 취소를 {caught} 절이 받고 다시 일으키지 않아, 취소한 쪽은 태스크가 정상으로 "
        "끝난 줄 압니다. 정리가 끝나면 `raise`로 다시 일으키세요.",
        en="{caught} caught the cancellation of {who} and did not raise it again, so the task "
        "counts as done, not as cancelled. End the handler with `raise`.",
    ),
    ("deadlock", ""): Wording(
        ko="모두가 기다리기만 하고, 깨울 수 있는 것이 아무것도 없습니다: {waits}. 서로가 기다리는 "
        "순서를 없애거나, 기다리는 것을 누군가 반드시 하게 하세요.",
        en="everything waits, and nothing can ever wake it: {waits}. Take locks in one order "
        "everywhere, and see that somebody does what is waited for.",
    ),
    ("busy_wait", ""): Wording(
        ko="{who} 쪽이 {time} 동안 {count}번이나 깨어나 확인만 했습니다. `asyncio.Event`를 "
        "기다리거나 태스크를 직접 `await`하면 필요한 때 한 번만 깨어납니다.",
        en="{who} woke {count} times in {time} only to look. Await an `asyncio.Event`, or the task "
        "itself: it then wakes once, when there is something.",
    ),
    ("starved", ""): Wording(
        ko="{name} 쪽은 실행될 준비가 되고도 모두 {time}를 기다렸습니다. 그동안 {others} 쪽에서 "
        "계산했습니다. 계산은 `asyncio.to_thread(...)`로 옮기거나 더 잘게 나누세요.",
        en="{name} was ready to run and had to wait {time} in all, while {others} computed. Move "
        "the computing to `asyncio.to_thread(...)`, or make its parts shorter.",
    ),
    ("late_timeout", ""): Wording(
        ko="제한 시간이 {time} 늦게 지켜졌습니다. 시간제한은 이벤트 루프가 실행되어야 지켜지는데, "
        "그때 루프가 막혀 있었습니다.",
        en="the timeout came {time} late: only a running event loop can keep it, and the loop was "
        "held at that time.",
    ),
    ("cancelled_gather_sibling", ""): Wording(
        ko="`gather`가 첫 예외로 끝나고 `main`도 끝나, 아직 실행 중이던 {who} 쪽이 중간에 "
        "취소되었습니다. 모두 끝나야 하면 `return_exceptions=True`를, 하나가 실패할 때 모두 멈춰야 "
        "하면 `TaskGroup`을 쓰세요.",
        en="`gather` ended with the first exception, main with it, and {who} was cancelled "
        "half-way. Use `return_exceptions=True` if all shall end, or a `TaskGroup` if all shall "
        "stop as soon as one fails.",
    ),
    ("nothing_ran", ""): Wording(
        ko="이 코드는 함수와 클래스를 정의할 뿐, 아무것도 실행하지 않습니다. 마지막 줄에 "
        "`asyncio.run(main())` 같은 호출을 덧붙이세요.",
        en="This code only defines functions and classes; nothing calls them. Add a last line such "
        "as `asyncio.run(main())`.",
    ),
    ("real_time", ""): Wording(
        ko="여기서는 시간이 실제로 흐릅니다. `sleep`을 더 짧게 줄여 보세요.",
        en="time is real here. Make the sleeps shorter.",
    ),
}
"""What to say of each kind of finding, by what tells it from others of that kind."""


def _which(fault: Finding) -> str:
    """Return what tells a finding from others of its kind."""
    match fault.kind:
        case "blocked_loop" | "unfinished_task":
            return fault.what
        case "lost_exception":
            return "" if fault.lanes else "future"
        case "swallowed_cancellation":
            return FINALLY if fault.detail == FINALLY else ""
        case _:
            return ""


class WhyWords(Speech):
    """Says what a finding is about: what happened, why, and what to change."""

    __slots__ = ()

    title = FixedSentence(ko="왜 이렇게 되었을까요?", en="Why it did what it did")
    """Before the findings."""

    def more(self, count: int) -> str:
        """Said where not every finding is shown."""
        return self._say(
            ko="그 밖에 {count}가지가 더 있습니다.", en="And {count} more.", count=count
        )

    def sentence(self, fault: Finding) -> str:
        """Return what to say about a finding, and where it is explained, as a paragraph."""
        told = self._told(fault)
        if fault.kind not in MORE:
            return told
        concept, scenario = MORE[fault.kind]
        more = self._say(
            ko="더 알아보기: `{explain}`, `{run}`.",
            en="More: `{explain}`, `{run}`.",
            explain=spell(Explain(concept), self.locale),
            run=spell(Run(scenario), self.locale),
        )
        return f"{told} {more}"

    def _told(self, fault: Finding) -> str:
        if fault.kind == "refused":
            refusal = Refusal(fault.what, fault.line, fault.detail)  # type: ignore[arg-type]  # it was one
            return RefusalWords(self.locale).told([refusal])
        named = [span(name, 40) for name in fault.names[:4]]
        others = ", ".join(named[1:])
        told = self._filled(
            _SENTENCES.get((fault.kind, _which(fault))) or _SENTENCES[fault.kind, ""],
            who=", ".join(named[:3]),
            name="".join(named[:1]),
            others=others,
            count=fault.count,
            time=self.seconds(fault.seconds),
            instead=self.seconds(fault.instead or 0.0),
            what=span(fault.what),
            made=self._made(fault),
            caught=span(fault.detail, 60) if fault.detail else "`except`",
            waits="; ".join(self._waits(one) for one in fault.waiting[:_MOST_WAITING]),
        )
        if fault.kind == "blocked_loop" and others:
            told += self._say(
                ko=" 그동안 {others} 쪽은 실행되지 못했습니다.",
                en=" Meanwhile {others} could not run.",
                others=others,
            )
        return self._at(fault.line) + told

    def _at(self, line: int | None) -> str:
        """Return the place in front of a sentence."""
        if line is None:
            return ""
        return self._say(ko="{line}번째 줄: ", en="Line {line}: ", line=line)

    def _made(self, fault: Finding) -> str:
        if fault.made is None or fault.made == fault.line:
            return ""
        return self._say(
            ko="({line}번째 줄에서 만듦)", en=" (made in line {line})", line=fault.made
        )

    def _waits(self, one: DeadlockedLane) -> str:
        name, on = span(one.name, 40), span(one.on, 40)
        if one.line is None:
            return self._say(ko="{name} → {on}", en="{name} waits on {on}", name=name, on=on)
        return self._say(
            ko="{name} → {on} ({line}번째 줄)",
            en="{name} waits on {on} in line {line}",
            name=name,
            on=on,
            line=one.line,
        )
