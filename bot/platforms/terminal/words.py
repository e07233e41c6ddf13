"""The sentences that only the terminal needs."""

from bot.languages import own_name
from bot.tutor.command import Asked, Leave, SwitchLanguage
from bot.tutor.commands import COMMANDS, REQUESTS
from bot.tutor.grammar import spell
from bot.tutor.model import Help, ListLessons, Run
from bot.tutor.use_cases.explaining import usage
from bot.tutor.words.speech import FixedSentence, Speech


class TerminalWords(Speech):
    """What is said around the tutor's replies in a terminal."""

    __slots__ = ()

    def _typed(self, asked: Asked) -> str:
        """Return what to type for this, as inline code."""
        return f"`{spell(asked, self.locale)}`"

    @property
    def welcome(self) -> str:
        """Greets, as Markdown."""
        run, lessons = self._typed(Run("gather")), self._typed(ListLessons())
        help_, leave = self._typed(Help()), self._typed(Leave())
        switch = self._typed(SwitchLanguage("en" if self.locale == "ko" else "ko"))
        return self._say(
            ko="**asyncio 튜터** — 실행하면서 배우는 asyncio. {run} 또는 {lessons}부터 시작해 "
            "보세요. 도움말은 {help_}, 영어는 {switch}, 끝내려면 "
            "{leave}입니다.",
            en="**asyncio tutor** — learn asyncio by running it. Start with {run} or {lessons}. "
            "{help_} tells more, {switch} switches to Korean, "
            "{leave} leaves.",
            run=run,
            lessons=lessons,
            help_=help_,
            switch=switch,
            leave=leave,
        )

    @property
    def more_help(self) -> str:
        """Adds what only the terminal has, as Markdown."""
        commands = [usage(it, self.locale) for it in COMMANDS if it not in REQUESTS]
        more = self._say(
            ko="- 실행은 Ctrl-C로 멈춥니다.\n- 답 아래의 번호만 적으면 그것을 고릅니다.",
            en="- Ctrl-C stops a run.\n- The number of a choice below an answer picks it.",
        )
        return "\n".join((*commands, more))

    @property
    def language_is(self) -> str:
        """Said once the language has changed."""
        return self._say(
            ko="이제 한국어로 답합니다.",
            en="{language} from now on.",
            language=own_name(self.locale),
        )

    @property
    def no_such_choice(self) -> str:
        """Said where a number stands for no choice."""
        return self._say(
            ko="그 번호의 선택지가 없습니다. 할 수 있는 일은 {help}에서 볼 수 있습니다.",
            en="No choice has this number. {help} shows what can be done.",
            help=self._typed(Help()),
        )

    stopped = FixedSentence(ko="멈췄습니다.", en="Stopped.")
    """Said once a run was stopped with Ctrl-C."""
    editor = FixedSentence(
        ko="Esc 다음 Enter: 실행 · Ctrl-C: 그만두기", en="Esc, then Enter: run it · Ctrl-C: leave"
    )
    """Below the editor: how to end it."""
    nothing_to_try = FixedSentence(ko="실행할 코드가 없습니다.", en="There is no code to run.")
    """Said where the editor was left empty."""
    how_to_try = FixedSentence(
        ko="다음 줄부터 ```` ``` ````로 감싼 코드를 보내거나, 파일 이름을 적어 주세요: `/코드 "
        "main.py`",
        en="Send code between two lines of ```` ``` ```` after it, or name a file: `/try main.py`.",
    )
    """Said in a pipe where no code follows."""

    @property
    def to_leave(self) -> str:
        """Said on Ctrl-C where nothing runs."""
        return self._say(
            ko="끝내려면 {leave} 명령을 입력하거나 Ctrl-D를 누르세요.",
            en="To leave, type {leave} or press Ctrl-D.",
            leave=self._typed(Leave()),
        )

    next = FixedSentence(ko="다음으로", en="Next")
    """Over the choices."""
    printed = FixedSentence(ko="출력", en="Output")
    """Over the sequence."""
    code = FixedSentence(ko="코드", en="Code")
    """Over the code."""
    how_long = FixedSentence(ko="모두 얼마나 걸릴까요?", en="How long does it take in all?")
    """Asks for the predicted time."""
    which_order = FixedSentence(
        ko="어떤 순서로 출력될까요? 번호를 순서대로 적어 주세요. 예: `3 1 2`",
        en="In which order are these printed? Type their numbers, as in `3 1 2`.",
    )
    """Asks for the predicted order."""
    which_lines = FixedSentence(
        ko="어느 줄이 어떤 순서로 출력될까요? 번호를 순서대로 적고, 출력되지 않을 줄은 빼세요. "
        "예: `3 1`",
        en="Which of these are printed, in which order? Type their numbers and leave out what is "
        "never printed, as in `3 1`.",
    )
    """Asks which lines are printed, and in which order."""
    how_ends = FixedSentence(ko="어떻게 끝날까요?", en="How does it end?")
    """Asks for the predicted ending."""
    which_blocks = FixedSentence(
        ko="어느 블록을 어떤 순서로 놓을까요? 번호를 순서대로 적고, 쓰지 않을 블록은 빼세요. 예: "
        "`3 1`",
        en="Which blocks, in which order? Type their numbers and leave out what belongs nowhere, "
        "as in `3 1`.",
    )
    """Asks for blocks in order."""

    def blocks_again(self, count: int) -> str:
        """Say what answers a question of blocks."""
        return self._say(
            ko="쓸 블록의 번호를 1부터 {count}까지에서 한 번씩 적어 주세요.",
            en="Type the numbers of the blocks you use, from 1 to {count}, each once.",
            count=count,
        )

    def which_number(self, name: str) -> str:
        """Asks for the number to try."""
        return self._say(
            ko="`{name}`에 무엇을 넣을까요?", en="Which number for `{name}`?", name=name
        )

    which_reason = FixedSentence(ko="번호를 적어 주세요.", en="Type its number.")
    """Asks for the reason."""
    skip = FixedSentence(ko="그냥 Enter를 누르면 건너뜁니다.", en="Enter alone skips this.")
    """Tells how to pass over a question."""

    def pick_one(self, most: int) -> str:
        """Say what answers a question of time."""
        return self._say(
            ko="1부터 {most}까지의 번호를 적어 주세요.",
            en="Type a number from 1 to {most}.",
            most=most,
        )

    def order_again(self, count: int) -> str:
        """Say what answers a question of order."""
        return self._say(
            ko="1부터 {count}까지의 번호를 모두 한 번씩 적어 주세요.",
            en="Type each number from 1 to {count} once.",
            count=count,
        )

    def lines_again(self, count: int) -> str:
        """Say what answers a question of which lines are printed."""
        return self._say(
            ko="출력될 줄의 번호를 1부터 {count}까지에서 한 번씩 적어 주세요.",
            en="Type the numbers of the printed lines, from 1 to {count}, each once.",
            count=count,
        )
