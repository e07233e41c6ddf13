"""Sentences around learners' own code: how to hand it over, how it was read, what it needs."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from bot.languages import Wording
from bot.runner.model import Limits
from bot.tutor.pasted_code import LONGEST_CODE, Mended
from bot.tutor.words.speech import FixedSentence, Speech

_KB = 1000

SourceTrouble = Literal["missing", "no_file", "too_large", "closed", "no_text"]
"""Why a learner's file is not read. `closed`: the system does not let it be read."""


_UNREADABLE: Final[Mapping[SourceTrouble, Wording]] = {
    "missing": Wording(
        ko="{name} 파일이 없습니다. 이름을 확인해 주세요.",
        en="There is no file {name}. Check the name.",
    ),
    "no_file": Wording(
        ko="{name} 이름은 파일이 아닙니다. Python 코드가 담긴 파일을 적어 주세요.",
        en="{name} is no file. Name one that holds Python code.",
    ),
    "too_large": Wording(
        ko="{name} 파일이 1 MiB보다 큽니다. 더 작은 코드를 실행해 주세요.",
        en="{name} is larger than 1 MiB. Run something smaller.",
    ),
    "closed": Wording(
        ko="{name} 파일을 읽을 수 없습니다: {detail}.", en="{name} cannot be read: {detail}."
    ),
    "no_text": Wording(
        ko="{name}의 내용은 UTF-8로 쓴 텍스트가 아니고, 스스로 밝힌 인코딩과도 맞지 않습니다. "
        "UTF-8로 저장해 주세요.",
        en="{name} is not text in UTF-8, nor in an encoding that it names. Save it as UTF-8.",
    ),
}
_MENDED: Final[Mapping[Mended, Wording]] = {
    "fence": Wording(ko="코드 블록 표시", en="the fence around it"),
    "prompts": Wording(ko="`>>>` 표시와 그 출력", en="the `>>>` prompts and their output"),
    "characters": Wording(
        ko="보통 글자처럼 보이는 특수 문자(둥근 따옴표 등)",
        en="curly quotes, or other signs that only look like plain ones",
    ),
    "indent": Wording(ko="코드 전체의 들여쓰기", en="the indent of all of it"),
    "tabs": Wording(ko="공백과 섞인 탭", en="tabs mixed with blanks, now blanks"),
}


class OwnCodeWords(Speech):
    """What is said where learners try code of their own."""

    __slots__ = ()

    title = FixedSentence(ko="내 코드", en="Your code")
    """What code without a name is called."""

    def how(self, limits: Limits) -> str:
        """Tell how code is handed over, and what it may use, as Markdown."""
        wall = self.exactly(f"{limits.wall_seconds:g}")
        return self._say(
            ko="asyncio 코드를 붙여 넣으면 그대로 실행해, 출력마다 시각을 붙이고 태스크와 스레드의 "
            "그림과 그렇게 된 까닭을 보여 줍니다. {wall}, {most} kB까지이고, 표준 "
            "라이브러리만 있으며 네트워크와 파일은 없습니다.",
            en="Hand over a piece of asyncio code: it runs unchanged, each printed line gets its "
            "time, and you see what its tasks and threads did, and why. At most "
            "{most} kB and {wall}; the standard library alone, without network or "
            "files.",
            wall=wall,
            most=LONGEST_CODE // _KB,
        )

    def ran_on(self, python: str) -> str:
        """Name the Python that ran it."""
        return self._say(
            ko="Python {python}에서 실행했습니다.", en="Run by Python {python}.", python=python
        )

    off = FixedSentence(
        ko="여기서는 직접 쓴 코드를 실행할 수 없습니다. 관리자가 꺼 두었습니다(`TUTOR_OWN_CODE`).",
        en="Code of your own is not run here: an admin has switched it off (`TUTOR_OWN_CODE`).",
    )
    """Said where own code is not run."""

    def too_long(self, size: int) -> str:
        """Say that the code is longer than may be.

        :param size: its bytes
        """
        have, most = f"{size / _KB:.1f}", LONGEST_CODE // _KB
        return self._say(
            ko="코드가 {have} kB입니다. {most} kB까지만 실행합니다. 궁금한 부분만 남겨 주세요.",
            en="This code has {have} kB; {most} kB are the most. Keep only the part that you "
            "wonder about.",
            have=have,
            most=most,
        )

    def unreadable(self, trouble: SourceTrouble, name: str, detail: str = "") -> str:
        """Say why a learner's file is not read, and what to do.

        :param name: the file's, as they wrote it
        :param detail: with "closed": what the system says
        """
        return self._filled(_UNREADABLE[trouble], name=name, detail=detail)

    def too_often(self, seconds: int) -> str:
        """Say after how many seconds the next run may begin."""
        return self._say(
            ko="1분에 여섯 번까지 실행할 수 있습니다. {seconds} 뒤에 다시 해 주세요.",
            en="Your own code runs at most six times a minute. Try again in {seconds}.",
            seconds=self.exactly(str(seconds)),
        )

    def mended(self, mended: Sequence[Mended]) -> str:
        """Say what was changed in a pasted text to read it as code."""
        what = self._say(ko=", ", en=", ").join(_MENDED[it].text(self.locale) for it in mended)
        return self._say(
            ko="붙여 넣은 글에서 고친 것: {what}.",
            en="Mended in what you pasted: {what}.",
            what=what,
        )

    real_time = FixedSentence(
        ko="여기서는 시간이 실제로 흐릅니다. `sleep`을 더 짧게 줄여 보세요.",
        en="Time is real here: make the sleeps shorter.",
    )
    """Said where a run came to its deadline."""

    await_outside = FixedSentence(
        ko="함수 밖의 `await`은 대화형 인터프리터(`python -m asyncio`)에서만 됩니다. "
        "`async def main():` 안에 넣고 `asyncio.run(main())`으로 실행하세요.",
        en="An `await` outside a function works only in the interactive interpreter "
        "(`python -m asyncio`). Put it into `async def main():` and call "
        "`asyncio.run(main())`.",
    )
    """Said where something is awaited outside every `async def`."""

    change_it = FixedSentence(ko="코드 바꿔 보기", en="Change it")
    """Labels the way from a scenario to its code in an editor."""
