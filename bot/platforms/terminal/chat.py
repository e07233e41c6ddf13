"""The chat: reads a line, asks the tutor, shows the answer, and so on until the end."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from bot.errors import TutorError
from bot.languages import Locale
from bot.platforms.delivery import last_reply
from bot.platforms.terminal.exercise_forms import ExerciseForm, ask_exercise
from bot.platforms.terminal.prediction import Questionnaire, ask_quiz
from bot.platforms.terminal.reading import PromptReader, Reader
from bot.platforms.terminal.screen import Screen, show
from bot.platforms.terminal.source_file import read_named
from bot.platforms.terminal.words import TerminalWords
from bot.tutor import names
from bot.tutor.command import Leave, SwitchLanguage
from bot.tutor.forms import Editor, Quiz
from bot.tutor.grammar import Meaning, Misunderstood, Nothing, parse
from bot.tutor.model import (
    Ask,
    Choices,
    Help,
    Note,
    Predict,
    Reply,
    Request,
    Text,
    Try,
)
from bot.tutor.protocol import Tutor

LEARNER = "terminal:here"
"""There is one learner at a terminal."""

_DIGITS = 4
"""Of a number that picks a choice, at most."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Take one of the choices below the last answer, counted from 1."""

    number: int


def meaning(line: str) -> Meaning | Choose:
    """Return what a line means; a number picks a choice, and `#` begins a comment in a file."""
    typed = line.strip()
    if typed.startswith("#"):
        return Nothing()
    if typed.isdecimal() and len(typed) <= _DIGITS:
        return Choose(int(typed))
    return parse(line)


class Chat:
    """One learner's chat with the tutor."""

    def __init__(self, *, tutor: Tutor, reader: Reader, console: Console, locale: Locale) -> None:
        self._tutor = tutor
        self._reader = reader
        self._console = console
        self._locale: Locale = locale
        self._choices: tuple[Request, ...] = ()
        self._answering: asyncio.Task[Reply] | None = None
        self.failures = 0
        """How many lines could not be served."""

    async def run(self) -> None:
        """Chat until the learner leaves or the input ends."""
        self._use(self._locale)
        if self._reader.interactive:
            self._show(Reply((Text(self._say.welcome),)))
        while True:
            try:
                line = await self._reader.read("> ")
            except KeyboardInterrupt:
                self._show(Reply((Note(self._say.to_leave),)))
                continue
            if line is None:
                return
            understood = meaning(line)
            if isinstance(understood, Leave):
                return
            await self._follow(understood)

    def interrupt(self) -> bool:
        """Stop the answer under way, as Ctrl-C does. False: there is none."""
        if self._answering is None or self._answering.done():
            return False
        self._answering.cancel()
        return True

    async def _follow(self, understood: Meaning | Choose) -> None:
        """Do what a line means."""
        match understood:
            case Nothing() | Leave():
                return
            case Misunderstood():
                self._fail(names.misread(understood, self._locale))
            case SwitchLanguage(locale=locale):
                self._use(locale)
                self._show(Reply((Note(self._say.language_is, "good"),)))
            case Choose(number=number):
                if 1 <= number <= len(self._choices):
                    await self._answer(self._choices[number - 1])
                else:
                    self._fail(Reply((Note(self._say.no_such_choice, "error"),)))
            case Try():
                await self._try(understood)
            case request:
                await self._answer(request)

    async def _try(self, request: Try) -> None:
        """Run a file, what stands in a fence, or what is written in the editor."""
        named = request.origin or request.code
        try:
            one_line = "\n" not in named
            code = await asyncio.to_thread(read_named, named, self._locale) if one_line else None
        except TutorError as error:
            self._fail(Reply((Note(str(error), "error"),), failed=True))
            return
        if code is not None:
            await self._answer(Try(code, Path(named).name))
            return
        try:
            written = await self._code(request)
        except KeyboardInterrupt:
            self._show(Reply((Note(self._say.stopped),)))
            return
        if written is not None and written.strip():
            await self._answer(Try(written, request.origin))
        elif self._reader.interactive:
            self._show(Reply((Note(self._say.nothing_to_try),)))
        else:
            await self._answer(replace(request, code=""))
            self._fail(Reply((Note(self._say.how_to_try, "error"),), failed=True))

    async def _code(self, request: Try) -> str | None:
        """Return the code of a request, or what comes after it."""
        if not self._reader.interactive:
            fenced = not request.code or request.code.lstrip().startswith(("```", "~~~"))
            return await self._reader.code(request.code, "") if fenced else request.code
        if request.code and not request.code.lstrip().startswith(("```", "~~~")):
            return request.code
        begun = ""
        if request.origin:
            shown = await last_reply(self._tutor, Ask(LEARNER, self._locale, request))
            if shown.failed:
                self._fail(shown)
                raise KeyboardInterrupt
            begun = next((part.code for part in shown.parts if isinstance(part, Editor)), "")
        return await self._reader.code(begun, self._say.editor)

    async def _answer(self, request: Request) -> None:
        """Show the tutor's answer; ask on where it is a quiz."""
        reply = await self._ask(request)
        if reply is None:
            return
        self._offer(reply)
        try:
            answered = await self._filled_in(reply)
        except KeyboardInterrupt:
            self._show(Reply((Note(self._say.stopped),)))
            return
        if answered is not None:
            reply = await self._ask(answered)
        if reply is not None:
            self.failures += reply.failed
            self._offer(reply)
            if isinstance(request, Help):
                self._show(Reply((Text(self._say.more_help),)))

    async def _filled_in(self, reply: Reply) -> Request | None:
        """Let the learner fill in a reply's form; None where it has none, or nothing is given.

        :raises KeyboardInterrupt: if they pressed Ctrl-C instead
        """
        questions = Questionnaire(self._reader, self._console.print, self._say)
        for part in reply.parts:
            if isinstance(part, Quiz):
                guess = await ask_quiz(part, questions, self._say)
                return Predict(part.scenario, guess)
            if isinstance(part, ExerciseForm):
                return await ask_exercise(part, questions, self._reader, self._say)
        return None

    async def _ask(self, request: Request) -> Reply | None:
        """Return the tutor's last word, or None where the learner stopped it."""
        try:
            async with asyncio.TaskGroup() as group:
                answering = group.create_task(self._shown(request), name="answer")
                self._answering = answering
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None  # the group has one task
        if answering.cancelled():  # by `interrupt`; were the chat cancelled, the group would raise
            self._show(Reply((Note(self._say.stopped),)))
            return None
        return answering.result()

    async def _shown(self, request: Request) -> Reply:
        ask = Ask(LEARNER, self._locale, request, live=self._console.is_terminal)
        return await show(self._tutor, ask, self._console)

    def _use(self, locale: Locale) -> None:
        self._locale = locale
        self._say = TerminalWords(locale)
        if isinstance(self._reader, PromptReader):
            self._reader.completer.locale = locale

    def _fail(self, reply: Reply) -> None:
        self.failures += 1
        self._show(reply)
        self._offer(reply)

    def _offer(self, reply: Reply) -> None:
        """Let the reply's choices be picked by their numbers."""
        offered = (part.choices for part in reply.parts if isinstance(part, Choices))
        self._choices = tuple(choice.what for choices in offered for choice in choices)

    def _show(self, reply: Reply) -> None:
        with Screen(self._console, self._locale) as screen:
            screen.update(reply)
