"""Lets a learner answer an exercise in a terminal. Answers may come from a pipe, too."""

from bot.platforms.terminal.prediction import Questionnaire, chosen_one, chosen_order
from bot.platforms.terminal.reading import Reader
from bot.platforms.terminal.words import TerminalWords
from bot.tutor.forms import BlocksForm, Editor, NumberForm, ReasonsForm
from bot.tutor.model import Request, Solve

ExerciseForm = BlocksForm | Editor | NumberForm | ReasonsForm


async def ask_exercise(
    form: ExerciseForm, questions: Questionnaire, reader: Reader, say: TerminalWords
) -> Request | None:
    """Return what the learner hands in; None where that is nothing.

    :raises KeyboardInterrupt: if they pressed Ctrl-C instead
    """
    if isinstance(form, Editor) and not form.exercise:
        return None  # code that is only run is asked for where it is asked for
    answer = await _answer(form, questions, reader, say)
    return Solve(form.exercise, answer) if answer and answer.strip() else None


async def _answer(
    form: ExerciseForm, questions: Questionnaire, reader: Reader, say: TerminalWords
) -> str | None:
    match form:
        case Editor(code=code):
            return await reader.code(code if reader.interactive else "", say.editor)
        case BlocksForm(blocks=blocks):
            numbers = tuple(map(str, range(len(blocks))))
            order = await questions.ask(
                say.which_blocks,
                (),
                lambda typed: chosen_order(typed, numbers, all_of_them=False) or None,
                say.blocks_again(len(blocks)),
            )
            return form.program([int(number) for number in order]) if order else None
        case NumberForm(name=name):
            # Any text is handed in: the tutor says which numbers may be.
            return await questions.ask(say.which_number(name), (), str.strip, "")
        case ReasonsForm(reasons=reasons):
            chosen = await questions.ask(
                say.which_reason,
                [reason.text for reason in reasons],
                lambda typed: chosen_one(typed, reasons),
                say.pick_one(len(reasons)),
            )
            return chosen.id if chosen else None
