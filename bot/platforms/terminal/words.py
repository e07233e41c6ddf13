"""The sentences that only the terminal needs."""

from bot.tutor.words.speech import Speech, span


class TerminalWords(Speech):
    """What is said around the tutor's replies in a terminal."""

    __slots__ = ()

    @property
    def welcome(self) -> str:
        """Greets, as Markdown."""
        return self._say(
            ko="**asyncio 튜터** — 실행하면서 배우는 asyncio. `/run gather`나 `/lessons`부터 "
            "시작해 보세요. 도움말은 `/help`, 영어는 `/lang en`, 끝내려면 `/quit`입니다.",
            en="**asyncio tutor** — learn asyncio by running it. Start with `/run gather` or "
            "`/lessons`. `/help` tells more, `/lang ko` switches to Korean, `/quit` leaves.",
        )

    @property
    def more_help(self) -> str:
        """Adds the commands that only the terminal has, as Markdown."""
        return self._say(
            ko="- `/lang ko`, `/lang en` — 언어를 바꿉니다.\n- `/quit` — 끝냅니다. "
            "실행은 Ctrl-C로 멈춥니다.\n- 답 아래의 번호만 적으면 그것을 고릅니다.",
            en="- `/lang ko`, `/lang en` — switches the language.\n- `/quit` — leaves. "
            "Ctrl-C stops a run.\n- The number of a choice below an answer picks it.",
        )

    @property
    def language_is(self) -> str:
        """Said once the language has changed."""
        return self._say(ko="이제 한국어로 답합니다.", en="English from now on.")

    @property
    def which_language(self) -> str:
        """Said where `/lang` names no language."""
        return self._say(
            ko="`/lang ko`(한국어) 또는 `/lang en`(영어)이라고 적어 주세요.",
            en="Write `/lang en` for English or `/lang ko` for Korean.",
        )

    def unknown_command(self, typed: str, nearest: str) -> str:
        """Say that there is no such command."""
        hint = f" `/{nearest}`" if nearest else " `/help`"
        return self._say(
            ko=f"{span(typed)}: 이런 명령이 없습니다. 이 명령을 써 보세요:{hint}",
            en=f"There is no command {span(typed)}. Try{hint}.",
        )

    def name_missing(self, command: str) -> str:
        """Say that a command needs a name."""
        example = {"explain": "coroutine", "compare": "sync gather"}.get(command, "gather")
        return self._say(
            ko=f"이름이 필요합니다. 예: `/{command} {example}`",
            en=f"This needs a name, as in `/{command} {example}`.",
        )

    @property
    def no_such_choice(self) -> str:
        """Said where a number stands for no choice."""
        return self._say(
            ko="그 번호의 선택지가 없습니다. `/help`를 입력하면 할 수 있는 일을 볼 수 있습니다.",
            en="No choice has this number. `/help` shows what can be done.",
        )

    @property
    def too_long(self) -> str:
        """Said of a line that no command can be."""
        return self._say(
            ko="너무 깁니다. 명령 한 줄로 짧게 적어 주세요.",
            en="That is too long. Please type one short command.",
        )

    @property
    def stopped(self) -> str:
        """Said once a run was stopped with Ctrl-C."""
        return self._say(ko="멈췄습니다.", en="Stopped.")

    @property
    def to_leave(self) -> str:
        """Said on Ctrl-C where nothing runs."""
        return self._say(
            ko="끝내려면 `/quit`를 입력하거나 Ctrl-D를 누르세요.",
            en="To leave, type `/quit` or press Ctrl-D.",
        )

    @property
    def next(self) -> str:
        """Over the choices."""
        return self._say(ko="다음으로", en="Next")

    @property
    def printed(self) -> str:
        """Over the sequence."""
        return self._say(ko="출력", en="Output")

    @property
    def code(self) -> str:
        """Over the code."""
        return self._say(ko="코드", en="Code")

    @property
    def how_long(self) -> str:
        """Asks for the predicted time."""
        return self._say(ko="모두 얼마나 걸릴까요?", en="How long does it take in all?")

    @property
    def which_order(self) -> str:
        """Asks for the predicted order."""
        return self._say(
            ko="어떤 순서로 출력될까요? 번호를 순서대로 적어 주세요. 예: `3 1 2`",
            en="In which order are these printed? Type their numbers, as in `3 1 2`.",
        )

    @property
    def which_lines(self) -> str:
        """Asks which lines are printed, and in which order."""
        return self._say(
            ko="어느 줄이 어떤 순서로 출력될까요? 번호를 순서대로 적고, 출력되지 않을 줄은 빼세요. "
            "예: `3 1`",
            en="Which of these are printed, in which order? Type their numbers and leave out what "
            "is never printed, as in `3 1`.",
        )

    @property
    def how_ends(self) -> str:
        """Asks for the predicted ending."""
        return self._say(ko="어떻게 끝날까요?", en="How does it end?")

    @property
    def skip(self) -> str:
        """Tells how to pass over a question."""
        return self._say(ko="그냥 Enter를 누르면 건너뜁니다.", en="Enter alone skips this.")

    def pick_one(self, most: int) -> str:
        """Say what answers a question of time."""
        return self._say(
            ko=f"1부터 {most}까지의 번호를 적어 주세요.", en=f"Type a number from 1 to {most}."
        )

    def order_again(self, count: int) -> str:
        """Say what answers a question of order."""
        return self._say(
            ko=f"1부터 {count}까지의 번호를 모두 한 번씩 적어 주세요.",
            en=f"Type each number from 1 to {count} once.",
        )

    def lines_again(self, count: int) -> str:
        """Say what answers a question of which lines are printed."""
        return self._say(
            ko=f"출력될 줄의 번호를 1부터 {count}까지에서 한 번씩 적어 주세요.",
            en=f"Type the numbers of the printed lines, from 1 to {count}, each once.",
        )
