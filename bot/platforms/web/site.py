"""The pages' handlers: the welcome, answers by address, and errors that read like pages."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog
from aiohttp import web

from bot.observe.metrics import Metrics
from bot.platforms.rate_limit import RateLimit
from bot.platforms.web.api import VISITOR, note_refusal
from bot.platforms.web.guard import ANCESTORS, STYLE_NONCE
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.pages import Pages
from bot.platforms.web.visitors import LANGUAGE_COOKIE, LEARNER_COOKIE, YEAR, Visitor
from bot.platforms.web.words import WebWords
from bot.tutor.commands import answer_to
from bot.tutor.grammar import spell
from bot.tutor.model import Ask, Help, Reply, Request

_IN_A_THREAD = 1024
"""Bytes; longer pages are compressed beside the loop."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Answers browsers with whole pages, and with those that are shown inside others' pages.

    :param embedded: makes the latter
    :param ancestors: origins whose pages may show ours inside them
    """

    def __init__(
        self,
        pages: Pages,
        embedded: Pages,
        *,
        ancestors: Sequence[str],
        limits: WebLimits,
        taken: RateLimit,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._pages = pages
        self._embedded = embedded
        self._ancestors = " ".join(ancestors)
        self._log = structlog.get_logger(__name__)
        self._limits = limits
        self._taken = taken

    def limited(self, handler: Handler) -> Handler:
        """Wrap a handler: it counts against its address's limit."""

        async def within_limit(request: web.Request) -> web.StreamResponse:
            visitor = request[VISITOR]
            if visitor.blocked:
                note_refusal(self._metrics, "blocked", visitor)
                raise web.HTTPForbidden
            if wait := self._taken.admit(visitor.address):
                note_refusal(self._metrics, "address's rate", visitor)
                raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)})
            return await handler(request)

        return within_limit

    async def welcome(self, request: web.Request) -> web.Response:
        """Answer `/` with what can be done here."""
        return await self._page(request, Help(), first=True)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer `/explain/coroutine` and its like; runs are left to the script."""
        asked = self._pages.addresses.asked(request.rel_url.raw_path)
        if asked is None:
            raise web.HTTPNotFound
        return await self._page(request, asked)

    def framed(self, handler: Handler) -> Handler:
        """Wrap a handler: browsers may show what it answers inside pages of the allowed sites."""

        async def within_frame(request: web.Request) -> web.StreamResponse:
            request[ANCESTORS] = self._ancestors
            return await handler(request)

        return within_frame

    async def embed(self, request: web.Request) -> web.Response:
        """Answer `/embed/run/gather`: no cookie is set, and nothing runs before it is asked for.

        A page of a course may show several of them at once.
        """
        visitor, pages = request[VISITOR], self._embedded
        asked = pages.addresses.asked(request.rel_url.raw_path)
        if asked is None:
            raise web.HTTPNotFound
        runs = answer_to(asked) == "run"
        ask = Ask(visitor.learner, visitor.locale, asked, page=True, run_nothing=runs)
        async with asyncio.timeout(self._limits.answer_seconds):
            reply = await pages.answer(ask)

        def render() -> str:
            if runs and not reply.failed:
                turn = pages.turn(visitor, asked, None, expected=reply, offer=True)
            else:
                turn = pages.turn(visitor, asked, reply)
            whole, title = self._pages.addresses.of(asked), spell(asked, visitor.locale)
            nonce = self._style_nonce(request)
            return pages.embedded(visitor.locale, whole, turn, title=title, nonce=nonce)

        return await self._send(request, render, 404 if reply.failed else 200, remember=False)

    async def document(self, request: web.Request) -> web.Response:
        """Answer `/privacy` and `/terms`."""
        visitor, name = request[VISITOR], request.match_info["document"]
        async with asyncio.timeout(self._limits.answer_seconds):
            course = await self._pages.course(visitor)

        def render() -> str:
            title = self._pages.documents[name, visitor.locale].title
            shown = self._pages.document(visitor, name)
            nonce = self._style_nonce(request)
            return self._pages.frame(visitor, request.path, course, shown, title=title, nonce=nonce)

        return await self._send(request, render, 200, remember=False)

    @web.middleware
    async def errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn refusals into pages that say what to do, and faults into a log line."""
        headers: dict[str, str] = {}
        try:
            return await handler(request)
        except web.HTTPRedirection:
            raise
        except web.HTTPException as refused:
            status = refused.status
            headers = {
                name: value
                for name, value in refused.headers.items()
                if name in {"Allow", "Retry-After"}
            }
        except TimeoutError:
            self._log.warning("page timed out", route=_route(request))
            status = 504
        except ConnectionError:
            raise
        except Exception:  # noqa: BLE001 - no fault of ours may show as a traceback
            self._log.exception("page failed", method=request.method, route=_route(request))
            status = 500
        sentence = _sentence(WebWords(request[VISITOR].locale), status, headers)
        response = await self._send(request, lambda: self._error(request, sentence), status)
        response.headers.update(headers)
        return response

    async def _page(
        self, request: web.Request, asked: Request, *, first: bool = False
    ) -> web.Response:
        visitor, path = request[VISITOR], request.rel_url.raw_path
        async with asyncio.timeout(self._limits.answer_seconds):
            reply: Reply | None = None
            expected: Reply | None = None
            ask = Ask(visitor.learner, visitor.locale, asked, page=True)
            if answer_to(asked) != "run":
                reply = await self._pages.answer(ask)
            else:
                expected = await self._pages.answer(replace(ask, run_nothing=True))
            course = await self._pages.course(visitor)

        def render() -> str:
            return self._pages.frame(
                visitor,
                path,
                course,
                self._pages.turn(visitor, asked, reply, first=first, expected=expected),
                title="" if first else spell(asked, visitor.locale),
                ask=path if reply is None else "",
                nonce=self._style_nonce(request),
            )

        return await self._send(request, render, 404 if reply and reply.failed else 200)

    def _error(self, request: web.Request, sentence: str) -> str:
        visitor, failed = request[VISITOR], WebWords(request[VISITOR].locale).failed
        nonce = self._style_nonce(request)
        if ANCESTORS in request:
            note = self._embedded.renderers[visitor.locale].note(sentence, "error")
            home = self._pages.addresses.home
            return self._embedded.embedded(visitor.locale, home, note, title=failed, nonce=nonce)
        turns = self._pages.message(visitor, sentence)
        home = self._pages.addresses.home
        return self._pages.frame(visitor, home, (), turns, title=failed, nonce=nonce)

    def _style_nonce(self, request: web.Request) -> str:
        """Allow this page's own styles, and those that its script makes."""
        request[STYLE_NONCE] = secrets.token_urlsafe(16)
        return request[STYLE_NONCE]

    async def _send(
        self,
        request: web.Request,
        render: Callable[[], str],
        status: int,
        *,
        remember: bool = True,
    ) -> web.Response:
        html = await asyncio.to_thread(render)
        response = web.Response(
            text=html,
            status=status,
            content_type="text/html",
            headers={"Vary": "Accept-Encoding, Accept-Language, Cookie"},
            zlib_executor_size=_IN_A_THREAD,
        )
        response.enable_compression()
        visitor = request[VISITOR]
        if remember and not visitor.known and status < 400:  # noqa: PLR2004 - errors leave nothing behind
            self._remember(response, visitor, LEARNER_COOKIE, visitor.cookie, httponly=True)
        if "lang" in request.query and ANCESTORS not in request:
            self._remember(response, visitor, LANGUAGE_COOKIE, visitor.locale, httponly=False)
        return response

    def _remember(
        self, response: web.Response, visitor: Visitor, name: str, value: str, *, httponly: bool
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=YEAR,
            path=self._pages.addresses.cookies,
            secure=visitor.secure,
            httponly=httponly,
            samesite="Lax",
        )


def _route(request: web.Request) -> str:
    """Return the template of the address: what was typed into it is the learner's."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


def _sentence(words: WebWords, status: int, headers: dict[str, str]) -> str:
    sentences = {
        403: words.blocked,
        404: words.unknown_page,
        405: words.wrong_method,
        413: words.too_large,
        421: words.wrong_host,
        429: words.too_many.format(seconds=headers.get("Retry-After", "1")),
        500: words.went_wrong,
        504: words.too_slow,
    }
    return sentences.get(status, words.bad_request)
