"""Use case: run a learner's own code and show what it does while it does it."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

from bot.languages import Locale
from bot.lessons.library import Library
from bot.lessons.request import request_for
from bot.runner.model import Finished, Outcome
from bot.tutor.ending import causes
from bot.tutor.forms import Editor
from bot.tutor.live_run import LiveRun
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Code,
    Heading,
    Note,
    Part,
    Reply,
    Text,
    Try,
    Update,
)
from bot.tutor.own_code import digest, run_of
from bot.tutor.pasted_code import is_too_long, read_pasted
from bot.tutor.services import Services, counted, for_the_asker, only
from bot.tutor.use_cases.running import running_code
from bot.tutor.words import words


def trying(services: Services, library: Library, ask: Ask, request: Try) -> AsyncGenerator[Update]:
    """Show the code as it was read, then all that a scenario's run shows, for the asker alone.

    Without code, the answer tells how to hand some over.

    :raises UnknownNameError: if no scenario goes by the name whose code is to be changed
    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    say = words(ask.locale).own_code
    if services.own_code.mode == "off":
        return only(Reply.refusing(say.off))
    if not request.code.strip():
        return only(_how(services, library, request, ask.locale))
    if is_too_long(request.code):
        size = len(request.code.encode("utf-8", "surrogatepass"))
        return only(Reply.refusing(say.too_long(size)))
    # A replay holds the code as a picture alone: where sharing is forbidden later, no platform
    # could tell that it must not be shared.
    shareable = services.own_code.mode == "on" and not ask.replay
    return for_the_asker(_run(services, ask, request), shareable=shareable)


async def _run(services: Services, ask: Ask, request: Try) -> AsyncGenerator[Update]:
    say = words(ask.locale).own_code
    pasted = await services.made(lambda: read_pasted(request.code))
    live_run = LiveRun(
        request.origin or say.title,
        ask.locale,
        run_of(pasted.code, request.origin, services.own_code.limits),
        digest=digest(request.code),
    )
    again = request.why or ask.replay
    kept = services.memory.find(ask.learner, live_run.request) if again else ()
    if not kept and (wait := services.own_code.runs.wait(ask.learner)):
        yield Reply.refusing(say.too_often(wait))
        return
    told = [it for it in pasted.mended if it != "fence"]  # its author knows of it
    mended = (Note(say.mended(told)),) if told else ()
    head: tuple[Part, ...] = (Heading(live_run.title), Code(pasted.code), *mended)

    def after() -> Iterator[Part]:
        finished = live_run.result.finished
        told = any(it.kind == "real_time" for it in live_run.explanation.findings)
        if not told and (hint := _hint(finished, ask.locale)):
            yield Note(hint)
        if python := live_run.result.python:
            yield Text(say.ran_on(python))
        if request.why:
            yield from causes(live_run, words(ask.locale))
        elif live_run.explanation.chains:
            why = replace(request, why=True)
            yield Choices((Choice(words(ask.locale).causes.ask, why),))

    shown = running_code(services, ask, live_run, head, after, kept=kept)
    async with aclosing(shown if kept else counted(services, ask, shown)) as updates:
        async for update in updates:
            yield update


def _hint(finished: Finished, locale: Locale) -> str:
    """Return what to change, where how a run ended does not say so by itself; "" for nothing."""
    say = words(locale).own_code
    failure = finished.failure
    if finished.outcome is Outcome.TIMEOUT:
        return say.real_time
    if failure and failure.type == "SyntaxError" and "outside" in failure.message:
        return say.await_outside if "await" in failure.message or "async" in failure.message else ""
    return ""


def _how(services: Services, library: Library, request: Try, locale: Locale) -> Reply:
    """Tell how to hand code over; with a scenario's name, show the code to begin with."""
    say = words(locale).own_code
    parts: list[Part] = [Heading(say.title), Text(say.how(services.own_code.limits))]
    begun = ""
    if request.origin:
        scenario = library.scenario(request.origin)
        begun = request_for(scenario, locale, services.limits).code
    parts.append(Editor(begun))
    return Reply(tuple(parts), private=True, shareable=services.own_code.mode == "on")
