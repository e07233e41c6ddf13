"""The tutor: one request in, a stream of replies out. Nothing that a learner does raises."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog

from bot.errors import (
    LearnerBusyError,
    NoWorkersError,
    QueueFullError,
    SandboxError,
    ShuttingDownError,
)
from bot.languages import Locale
from bot.lessons.library import Library, UnknownNameError
from bot.lessons.model import Scenario
from bot.tutor import names
from bot.tutor.commands import answer_to
from bot.tutor.model import (
    Ask,
    Compare,
    NameKind,
    Predict,
    Reply,
    Run,
    Solve,
    Try,
    Update,
    Why,
)
from bot.tutor.protocol import Suggestion
from bot.tutor.services import Services, only
from bot.tutor.use_cases import explaining
from bot.tutor.use_cases.comparing import comparing
from bot.tutor.use_cases.exercising import exercising
from bot.tutor.use_cases.predicting import asking_prediction, predicting
from bot.tutor.use_cases.reading import reading
from bot.tutor.use_cases.running import running_scenario, tracing
from bot.tutor.use_cases.trying import trying
from bot.tutor.words import words


class TutorService:
    """Answers what learners ask. Implements `bot.tutor.protocol.Tutor`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._log = structlog.get_logger(__name__)

    async def handle(self, ask: Ask) -> AsyncGenerator[Update]:
        """Answer with updates, each replacing the one before; the last one is `final`.

        Whatever goes wrong becomes a reply. What is our fault is logged under a reference that
        the learner is told; nothing else of it is. All that is logged on the way to the answer,
        the runner's lines included, carries the same reference, and the platform's name.
        """
        # They stay bound in the caller's context: what it logs later belongs to the same request.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        library = self._services.shelf()
        log = self._log.bind(request=type(ask.what).__name__, learner=ask.learner)
        log.info("asked")
        try:
            async with aclosing(self._answer(library, ask)) as updates:
                async for update in updates:
                    yield update
        except UnknownNameError as error:
            yield names.unknown_name(library, ask, error)
        except LearnerBusyError:
            self._note_refusal(log, ask, "busy")
            yield Reply.refusing(words(ask.locale).trouble.busy)
        except QueueFullError:
            self._note_refusal(log, ask, "full")
            yield Reply.refusing(words(ask.locale).trouble.full)
        except ShuttingDownError:
            self._note_refusal(log, ask, "closing")
            yield Reply.refusing(words(ask.locale).trouble.closing)
        except NoWorkersError as error:
            log.error("sandbox failed", cause=str(error))  # noqa: TRY400 - it says what to do
            self._services.metrics.refused(platform=ask.platform, cause="no-workers")
            yield Reply.refusing(words(ask.locale).trouble.no_workers(ask.reference))
        except SandboxError as error:
            # The cause names what the host lacks; where it was raised would add nothing.
            log.error("sandbox failed", cause=str(error))  # noqa: TRY400 - see above
            yield Reply.refusing(words(ask.locale).trouble.no_sandbox(ask.reference))
        except Exception as error:  # no bug of ours may reach a learner as a traceback
            log.exception("request failed", cause=f"{type(error).__name__}: {error}")
            yield Reply.refusing(words(ask.locale).trouble.ours(ask.reference))

    def _note_refusal(self, log: structlog.BoundLogger, ask: Ask, cause: str) -> None:
        (log.warning if cause == "full" else log.info)("refused", cause=cause)
        self._services.metrics.refused(platform=ask.platform, cause=cause)

    def suggest(
        self, kind: NameKind, typed: str, locale: Locale, limit: int = 25, *, after: str = ""
    ) -> tuple[Suggestion, ...]:
        """Return the names that come nearest to what was typed, best first."""
        library = self._services.shelf()
        found = library.suggest(kind, typed, locale, limit, after=after)
        if kind == "lesson":
            return tuple(Suggestion(id_, title) for id_, title in found)
        return tuple(
            Suggestion(
                id_,
                title,
                library.chapter_of(id_, kind).title.text(locale),
                _question(library.scenario(id_), locale) if kind == "scenario" else "",
            )
            for id_, title in found
        )

    def comparisons(self, locale: Locale) -> tuple[Suggestion, ...]:
        """Return the course's own comparisons, each with its lesson."""
        return tuple(
            Suggestion(" ".join(it.scenarios), " · ".join(it.scenarios), lesson.title.text(locale))
            for lesson in self._services.shelf().lessons
            for it in lesson.comparisons
        )

    def _answer(self, library: Library, ask: Ask) -> AsyncGenerator[Update]:
        """Find the use case."""
        services, locale = self._services, ask.locale
        match ask.what, answer_to(ask.what):
            case Try() as request, _:
                return trying(services, library, ask, request)
            case Solve() as request, _:
                return exercising(services, library, ask, request)
            case request, "text":
                site, python = services.site, services.python
                read = explaining.answer(
                    library, request, locale, site, page=ask.page, python=python
                )
                return only(read)
            case ((Run() | Why() | Predict() | Compare() as request), "run") if ask.run_nothing:
                return only(reading(services, library, ask, request))
            case Predict(name=name), "quiz":
                return only(asking_prediction(services, library, ask, library.scenario(name)))
            case _:
                return self._run(library, ask)

    def _run(self, library: Library, ask: Ask) -> AsyncGenerator[Update]:
        """Find the use case of those that run something."""
        match ask.what:
            case Run(name=name):
                return running_scenario(self._services, library, ask, library.scenario(name))
            case Why(name=name):
                return tracing(self._services, library, ask, library.scenario(name))
            case Predict(name=name, guess=guess) if guess is not None:
                return predicting(self._services, library, ask, library.scenario(name), guess)
            case Compare(names=chosen):
                return comparing(self._services, library, ask, chosen)
            case other:
                raise TypeError(f"{type(other).__name__} is no request that runs anything")


def _question(scenario: Scenario, locale: Locale) -> str:
    return scenario.question.text(locale) if scenario.question else ""
