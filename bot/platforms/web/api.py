"""What the page's script asks for: answers as they grow, and names while one is typed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.languages import Locale
from bot.lessons.model import LanguageCode
from bot.observe.metrics import Metrics
from bot.platforms.rate_limit import RateLimit
from bot.platforms.web.addresses import Addresses
from bot.platforms.web.guard import origin_is_ours
from bot.platforms.web.limits import AtOnce, WebLimits
from bot.platforms.web.render import HtmlRenderer
from bot.platforms.web.streams import Streams
from bot.platforms.web.visitors import Visitor
from bot.platforms.web.words import WebWords
from bot.tutor.command import Leave, SwitchLanguage
from bot.tutor.commands import answer_to
from bot.tutor.completion import complete
from bot.tutor.forms import Guess
from bot.tutor.grammar import (
    LONGEST_LINE,
    Meaning,
    Misunderstood,
    Nothing,
    parse,
    spell,
)
from bot.tutor.model import Ask, Predict, Request, Solve, Try
from bot.tutor.names import misread
from bot.tutor.pasted_code import LONGEST_CODE
from bot.tutor.protocol import Tutor

VISITOR = web.RequestKey("visitor", Visitor)

MOST_SUGGESTED = 8
_NOT_HERE = frozenset({"quit"})
"""Commands that mean nothing in a page."""


class GuessBody(BaseModel):
    """A prediction as the quiz sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = None
    order: Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(max_length=100)] = ()
    ending: Annotated[str, Field(max_length=200)] | None = None


class AskBody(BaseModel):
    """What is asked: an address, a typed line, or code.

    With a quiz's address goes a prediction, with an exercise's an answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(max_length=LONGEST_LINE * 9)] = ""
    text: Annotated[str, Field(max_length=LONGEST_LINE)] = ""
    code: Annotated[str, Field(max_length=LONGEST_CODE + 1)] = ""
    lang: LanguageCode
    guess: GuessBody | None = None
    answer: Annotated[str, Field(max_length=LONGEST_CODE + 1)] = ""
    embedded: bool = False

    def meaning(self, addresses: Addresses) -> Meaning:
        """Return what is asked."""
        if self.code.strip():
            return Try(self.code)
        asked = parse(self.text) if not self.path else addresses.asked(self.path) or Nothing()
        if self.guess is not None:
            if not isinstance(asked, Predict):
                return Nothing()
            return Predict(asked.name, Guess(**self.guess.model_dump()))
        if self.answer:
            return Solve(asked.name, self.answer) if isinstance(asked, Solve) else Nothing()
        return asked


def note_refusal(metrics: Metrics, cause: str, visitor: Visitor) -> None:
    """Tell operators of a request that was turned away."""
    log = structlog.get_logger(__name__)
    log.info("refused", cause=cause, learner=visitor.learner, platform="web")
    metrics.refused(platform="web", cause=cause)


@dataclass(frozen=True, slots=True)
class Api:
    """Answers the page's script. Errors are JSON with a sentence for the learner, as HTML."""

    tutor: Tutor
    streams: Streams
    renderers: Mapping[Locale, HtmlRenderer]
    embedded: Mapping[Locale, HtmlRenderer]
    """For pages that are shown inside those of other sites."""
    limits: WebLimits
    asks: RateLimit
    open: AtOnce
    metrics: Metrics

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /api/ask` with a stream of patches."""
        visitor = request[VISITOR]
        if refusal := self._turned_away(request, visitor):
            return refusal
        body = await self._body(request, visitor.locale)
        if isinstance(body, web.Response):
            return body
        renderer = (self.embedded if body.embedded else self.renderers)[body.lang]
        asked = body.meaning(renderer.addresses)
        if not isinstance(asked, Request):
            return self._without_tutor(asked, body.lang)
        with self.open.place(visitor.address) as placed:
            if not placed:
                note_refusal(self.metrics, "address's streams", visitor)
                sentence = WebWords(visitor.locale).too_many_streams
                return self._refusal(visitor.locale, 429, sentence, {"Retry-After": "5"})
            begin = {
                "path": renderer.addresses.of(asked),
                "command": spell(asked, body.lang),
                "answer": answer_to(asked),
            }
            ask = Ask(visitor.learner, body.lang, asked, live=True, page=True)
            return await self.streams.stream(request, ask, renderer, begin)

    async def suggest(self, request: web.Request) -> web.Response:
        """Answer `GET /api/suggest?text=/run gat` with commands that the text may become."""
        visitor = request[VISITOR]
        typed = request.query.get("text", "")[:LONGEST_LINE]
        return web.json_response(suggestions(self.tutor, typed, visitor.locale))

    def _turned_away(self, request: web.Request, visitor: Visitor) -> web.Response | None:
        """Refuse who may not ask, or not now; None: the request is welcome."""
        locale = visitor.locale
        words = WebWords(locale)
        if not origin_is_ours(request):
            return self._refusal(locale, 403, words.wrong_origin)
        if visitor.blocked:
            note_refusal(self.metrics, "blocked", visitor)
            return self._refusal(locale, 403, words.blocked)
        if wait := self.asks.admit(visitor.address):
            note_refusal(self.metrics, "address's rate", visitor)
            return self._refusal(
                locale, 429, words.too_many.format(seconds=wait), {"Retry-After": str(wait)}
            )
        return None

    def _without_tutor(
        self, line: SwitchLanguage | Leave | Nothing | Misunderstood, locale: Locale
    ) -> web.Response:
        """Switch the language, or say why this cannot be asked, and what can be instead."""
        if isinstance(line, SwitchLanguage):
            return web.json_response({"lang": line.locale})  # the page's script goes there
        words = WebWords(locale)
        if not isinstance(line, Misunderstood):
            return self._refusal(
                locale, 400, words.nothing_to_leave if line == Leave() else words.how_to_ask
            )
        html = self.renderers[locale].parts(misread(line, locale).parts)
        return web.json_response({"html": html}, status=400)

    def _refusal(
        self, locale: Locale, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        body = {"html": self.renderers[locale].note(sentence, "error")}
        return web.json_response(body, status=status, headers=headers)

    async def _body(self, request: web.Request, locale: Locale) -> AskBody | web.Response:
        words = WebWords(locale)
        if request.content_type != "application/json":
            return self._refusal(locale, 415, words.bad_request)
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                return AskBody.model_validate_json(await request.read())
        except ValidationError:
            return self._refusal(locale, 400, words.bad_request)
        except web.HTTPRequestEntityTooLarge:
            return self._refusal(locale, 413, words.too_large)
        except TimeoutError:
            return self._refusal(locale, 408, words.bad_request, {"Connection": "close"})


def suggestions(tutor: Tutor, typed: str, locale: Locale) -> list[dict[str, str | bool]]:
    """Return what a typed line may become, best first; `whole`: it can be sent as it is."""
    found = complete(tutor, typed, locale, MOST_SUGGESTED, without=_NOT_HERE)
    return [{"text": it.applied(typed), "title": it.title, "whole": it.whole} for it in found]
