import asyncio
import io

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.platforms.terminal.chat import Chat
from bot.platforms.terminal.completion import NameCompleter
from bot.platforms.terminal.prediction import Questionnaire, ask_quiz, chosen_one, chosen_order
from bot.platforms.terminal.reading import PipeReader
from bot.platforms.terminal.words import TerminalWords
from bot.testing import FakeTutor
from bot.tutor.completion import complete
from bot.tutor.forms import Editor, Ending, Guess, Quiz
from bot.tutor.model import (
    Choice,
    Choices,
    Explain,
    Heading,
    Help,
    Predict,
    Reply,
    Request,
    Run,
    Text,
    Try,
)
from tests.platforms.terminal.terminals import Lines, console, fixed, output

ANSWERS: dict[Request, tuple[Reply, ...]] = {
    Run("gather"): (
        Reply((Heading("Running"),), final=False),
        Reply((Heading("Running"), Choices((Choice("More", Explain("coroutine")),)))),
    ),
    Explain("coroutine"): (Reply((Text("A coroutine can pause."),)),),
    Help(): (Reply((Text("This is help."),)),),
    Run("forever"): (Reply((Heading("Forever"),), final=False),),
    Predict("gather"): (Reply((Heading("Guess"), Quiz("gather", (2.0, 3.0), ("x", "y", "z")))),),
    Predict("gather", Guess(3.0, ("z", "x", "y"))): (Reply((Text("All right."),)),),
    Try("print(1)"): (Reply((Text("This printed 1."),)),),
    Try("", "gather"): (Reply((Editor("print(2)\n"),)),),
    Predict("gather", Guess(None, ())): (Reply((Text("Nothing predicted."),)),),
}


async def chatted(
    *lines: str | BaseException, interactive: bool = False
) -> tuple[Chat, str, FakeTutor]:
    tutor, made = fixed(ANSWERS), console()
    chat = Chat(
        tutor=tutor, reader=Lines(lines, interactive=interactive), console=made, locale="en"
    )
    async with asyncio.timeout(10):
        await chat.run()
    return chat, output(made), tutor


async def test_it_answers_line_by_line_until_the_end() -> None:
    chat, text, _ = await chatted("/run gather", "", "coroutine")
    assert text.index("Running") < text.index("A coroutine can pause.")
    assert text.count("Running") == 1
    assert chat.failures == 0


async def test_it_ends_at_quit() -> None:
    _, text, tutor = await chatted("/quit", "/run gather")
    assert text == ""
    assert tutor.asked == []


async def test_a_person_is_greeted_and_a_pipe_is_not() -> None:
    _, text, _ = await chatted(interactive=True)
    assert "/help" in text
    _, text, _ = await chatted()
    assert text == ""


async def test_what_fails_is_counted() -> None:
    chat, text, _ = await chatted("/nonsense", "/run", "/run unknown", "7", "/lang xx", "/help")
    assert chat.failures == 5
    assert "This is help." in text
    assert "/quit" in text, "help names what only the terminal has"


async def test_the_language_changes() -> None:
    _, text, tutor = await chatted("/lang ko", "/run gather", "/lang en", "/run gather")
    assert [ask.locale for ask in tutor.asked] == ["ko", "en"]
    assert "한국어" in text
    assert "English" in text


async def test_a_choice_is_picked_by_its_number() -> None:
    _, text, tutor = await chatted("/run gather", "1")
    assert [ask.what for ask in tutor.asked] == [Run("gather"), Explain("coroutine")]
    assert "A coroutine can pause." in text


async def test_a_prediction_is_asked_for_and_then_run() -> None:
    _, text, tutor = await chatted("/predict gather", "2", "3 1 2")
    assert tutor.asked[-1].what == Predict("gather", Guess(3.0, ("z", "x", "y")))
    assert "All right." in text
    assert "1  2.0 s" in text
    assert "2  3.0 s" in text


async def test_empty_lines_pass_over_the_questions() -> None:
    _, text, _ = await chatted("/predict gather", "", "")
    assert "Nothing predicted." in text


async def test_the_end_of_a_pipe_passes_over_the_questions() -> None:
    _, text, _ = await chatted("/predict gather")
    assert "Nothing predicted." in text


async def test_a_senseless_answer_is_asked_again() -> None:
    _, text, tutor = await chatted("/predict gather", "9", "two", "2", "1 1 2", "312")
    assert tutor.asked[-1].what == Predict("gather", Guess(3.0, ("z", "x", "y")))
    assert text.count("Type a number from 1 to 2.") == 2
    assert text.count("Type each number from 1 to 3 once.") == 1


async def test_who_gives_up_a_prediction_goes_on_chatting() -> None:
    _, text, _ = await chatted("/predict gather", KeyboardInterrupt(), "coroutine")
    assert "Stopped." in text
    assert "A coroutine can pause." in text


async def test_an_interrupt_at_the_prompt_does_not_end_the_chat() -> None:
    _, text, _ = await chatted(KeyboardInterrupt(), "coroutine", interactive=True)
    assert "Ctrl-D" in text
    assert "A coroutine can pause." in text


async def test_an_interrupt_stops_the_run_and_not_the_chat() -> None:
    tutor, made = fixed(ANSWERS), console()
    chat = Chat(tutor=tutor, reader=Lines(["/run forever", "coroutine"]), console=made, locale="en")
    assert not chat.interrupt()
    task = asyncio.create_task(chat.run())
    async with asyncio.timeout(10):
        await tutor.asking.wait()
        await asyncio.sleep(0.05)
        assert chat.interrupt()
        await task
    assert tutor.left == 1
    assert "Stopped." in output(made)
    assert "A coroutine can pause." in output(made)


async def test_cancelling_the_chat_ends_its_run() -> None:
    tutor = fixed(ANSWERS)
    chat = Chat(tutor=tutor, reader=Lines(["/run forever"]), console=console(), locale="en")
    task = asyncio.create_task(chat.run())
    async with asyncio.timeout(10):
        await tutor.asking.wait()
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert tutor.left == 1


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/ex", ["/explain", "/exercise"]),
        ("/실", ["/실행"]),
        ("/run ", ["scenario_one", "scenario_two"]),
        ("/explain concept_t", ["concept_two"]),
        ("/compare scen", ["scenario_one", "scenario_two"]),
        ("/compare scenario_one scen", ["scenario_two"]),
        ("/compare scenario_one,scen", ["scenario_two"]),
        ("/비교 a b c d e scen", []),
        ("/강의 lesson_", ["lesson_one", "lesson_two"]),
        ("/lang ", ["ko", "en"]),
        ("/lessons x", []),
        ("hello", []),
        ("/quit ", []),
    ],
)
def test_completion(typed: str, wanted: list[str]) -> None:
    tutor = fixed({})
    assert [it.text for it in complete(tutor, typed, "en", 12)] == wanted
    completer = NameCompleter(lambda line, locale: complete(tutor, line, locale, 12))
    completer.locale = "ko"
    found = list(completer.get_completions(Document(typed), CompleteEvent()))
    assert [it.text for it in found] == wanted
    for it in found:
        word = typed[len(typed) + it.start_position :] if it.start_position else ""
        assert it.text.startswith(word)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [("1", 2.0), (" 2 ", 3.0), ("0", None), ("3", None), ("x", None), ("-1", None), ("²", None)],
)
def test_a_time_is_chosen_by_its_number(answer: str, wanted: float | None) -> None:
    assert chosen_one(answer, (2.0, 3.0)) == wanted


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("2 1", "ba"),
        ("21", "ba"),
        ("2,1", "ba"),
        ("1", ""),
        ("1 1", ""),
        ("1 2 3", ""),
        ("a b", ""),
    ],
)
def test_an_order_is_chosen_by_its_numbers(answer: str, wanted: str) -> None:
    assert "".join(chosen_order(answer, ("a", "b"))) == wanted


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [("2", "b"), ("31", "ca"), ("3 1", "ca"), ("213", "bac"), ("1 1", ""), ("4", ""), ("0", "")],
)
def test_where_there_are_decoys_lines_may_be_left_out(answer: str, wanted: str) -> None:
    assert "".join(chosen_order(answer, ("a", "b", "c"), all_of_them=False)) == wanted


DECOYS = Quiz(
    "gather",
    (),
    ("x", "y", "z"),
    decoys=True,
    endings=(Ending("ok", "It ends"), Ending("error:ValueError", "It raises")),
)


async def test_what_is_never_printed_and_how_it_ends_is_asked() -> None:
    shown: list[str] = []
    say = TerminalWords("en")
    asking = Questionnaire(Lines(["4", "3 1", "2"]), lambda it: shown.append(it.plain), say)
    guess = await ask_quiz(DECOYS, asking, say)
    assert guess == Guess(None, ("z", "x"), "error:ValueError")
    text = "\n".join(shown)
    assert "leave out what is never printed" in text
    assert text.count("Type the numbers of the printed lines, from 1 to 3, each once.") == 1
    assert "2  It raises" in text


async def test_a_pipe_that_has_ended_stays_at_its_end() -> None:
    for source in (None, io.StringIO(""), io.StringIO("one")):
        reader = PipeReader(source)
        lines = [await asyncio.wait_for(reader.read(""), 5) for _ in range(4)]
        assert lines[-1] is None
        assert lines[-2] is None


async def test_code_is_written_in_an_editor_and_run() -> None:
    _, text, tutor = await chatted("/try", "print(1)", interactive=True)
    assert [ask.what for ask in tutor.asked] == [Try("print(1)")]
    assert "This printed 1." in text


async def test_a_scenarios_code_is_changed_in_the_editor() -> None:
    _, _, tutor = await chatted("/try gather", "# changed", interactive=True)
    assert tutor.asked[-1].what == Try("print(2)\n# changed", "gather")


async def test_a_scenario_that_nobody_knows_opens_no_editor() -> None:
    chat, text, tutor = await chatted("/try gathr", interactive=True)
    assert "unknown" in text
    assert chat.failures == 1
    assert len(tutor.asked) == 1


async def test_who_leaves_the_editor_goes_on_chatting() -> None:
    _, text, tutor = await chatted("/try", KeyboardInterrupt(), "coroutine", interactive=True)
    assert "Stopped." in text
    assert tutor.asked[-1].what == Explain("coroutine")
    _, text, tutor = await chatted("/try", " ", interactive=True)
    assert "no code to run" in text
    assert not tutor.asked
