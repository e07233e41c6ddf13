"""What the sandbox does not give a scenario, and what to use instead."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.languages import Wording
from bot.runner.model import Refusal, Refused
from bot.tutor.words.speech import Speech, span

_MOST_LINES = 3


_SENTENCES: Final[Mapping[Refused, Wording]] = {
    "network": Wording(
        ko="여기에는 네트워크가 없습니다(자기 컴퓨터의 주소도 안 됩니다). 기다림은 "
        "`asyncio.sleep`으로, 두 쪽의 통신은 `socket.socketpair()`로 대신해 보세요.",
        en="There is no network here, not even to this machine itself. Let `asyncio.sleep` stand "
        "for the waiting, or `socket.socketpair()` for the two ends.",
    ),
    "process": Wording(
        ko="여기서는 다른 프로세스를 시작할 수 없습니다. 태스크나 `asyncio.to_thread`를 써 보세요.",
        en="No other process can be started here. Use tasks, or `asyncio.to_thread`.",
    ),
    "file": Wording(
        ko="여기에는 읽고 쓸 파일이 없습니다. `io.StringIO`나 변수에 담아 보세요.",
        en="There are no files here to read or write. Keep the text in an `io.StringIO`, or in a "
        "variable.",
    ),
    "input": Wording(
        ko='여기서는 아무도 입력할 수 없습니다. 답을 코드에 직접 적어 주세요(예: `name = "Mina"`).',
        en='Nobody can type here. Write the answer into the code, as in `name = "Mina"`.',
    ),
    "module": Wording(
        ko="이 모듈은 여기에 없습니다: {names}. 여기에는 Python 표준 라이브러리만 있고, 그중 "
        "다른 프로그램이 필요한 것은 빠져 있습니다.",
        en="Not here: {names}. Only Python's standard library is, without those of its modules "
        "that need other software.",
    ),
    "signal": Wording(
        ko="여기서는 자기 자신에게만 신호를 보낼 수 있습니다. `os.getpid()`를 쓰거나 "
        "`task.cancel()`을 써 보세요.",
        en="Signals reach only the program itself here. Send it to `os.getpid()`, or use "
        "`task.cancel()`.",
    ),
    "shared-memory": Wording(
        ko="여기에는 프로세스끼리 나누는 메모리가 없습니다. `bytearray`를 써 보세요. 스레드들은 "
        "그것을 함께 씁니다.",
        en="There is no memory to share between processes here. Use a `bytearray`: threads share "
        "it.",
    ),
}


class RefusalWords(Speech):
    """Said where a scenario asked for something that is not here."""

    __slots__ = ()

    def told(self, refused: Iterable[Refusal]) -> str:
        """Tell, a sentence for each kind of thing, what is not here and what to use instead."""
        kinds: dict[Refused, list[Refusal]] = {}
        for one in refused:
            kinds.setdefault(one.what, []).append(one)
        return " ".join(self._kind(what, found) for what, found in kinds.items())

    def _kind(self, what: Refused, found: list[Refusal]) -> str:
        names = ", ".join(dict.fromkeys(span(one.detail) for one in found[:_MOST_LINES]))
        return self._where(found) + self._filled(_SENTENCES[what], names=names)

    def _where(self, found: list[Refusal]) -> str:
        lines = sorted({one.line for one in found if one.line is not None})
        if not lines:
            return ""
        return self._say(
            ko="{where}번째 줄: ",
            en="Line {where}: " if len(lines) == 1 else "Lines {where}: ",
            where=", ".join(map(str, lines[:_MOST_LINES])) + "…" * (len(lines) > _MOST_LINES),
        )
