"""Pages in one piece: the frame of the playground, and answers that need no run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.languages import Locale, locales, own_name
from bot.platforms.delivery import last_reply
from bot.platforms.web.assets import Assets
from bot.platforms.web.documents import NAMES, Documents
from bot.platforms.web.markup import Markdown, escaped
from bot.platforms.web.render import HtmlRenderer
from bot.platforms.web.visitors import Visitor
from bot.platforms.web.words import WebWords, web_words
from bot.tutor.commands import answer_to
from bot.tutor.grammar import address, spell
from bot.tutor.model import (
    Ask,
    Choices,
    ListLessons,
    Predict,
    Reply,
    Request,
    Tutor,
)

_SCRIPT_WORDS = (
    "stopped",
    "working",
    "done",
    "failed",
    "copy",
    "copied",
    "lost",
    "changed",
    "suggestions",
    "you",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the playground, and the status it is sent with."""

    html: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes pages. Rendering takes milliseconds: `frame` is to be called in a thread."""

    tutor: Tutor
    assets: Assets
    renderers: Mapping[Locale, HtmlRenderer]
    documents: Documents

    async def answer(self, ask: Ask) -> Reply:
        """Return the tutor's last word on `ask`."""
        return await last_reply(self.tutor, ask)

    async def course(self, visitor: Visitor) -> tuple[tuple[str, str], ...]:
        """Return the course's chapters as (address, title)."""
        reply = await self.answer(Ask(visitor.learner, visitor.locale, ListLessons()))
        return tuple(
            (address(choice.what), choice.label)
            for part in reply.parts
            if isinstance(part, Choices)
            for choice in part.choices
            if isinstance(choice.what, ListLessons) and choice.what.lesson
        )

    def frame(
        self,
        visitor: Visitor,
        path: str,
        course: tuple[tuple[str, str], ...],
        turns: str,
        *,
        title: str = "",
        ask: str = "",
    ) -> str:
        """Return the whole page around `turns`; `ask` has the script ask that address at once."""
        words = web_words(visitor.locale)
        return self.assets.page.substitute(
            _frame_words(words),
            lang=visitor.locale,
            theme=visitor.theme,
            version=self.assets.version,
            page_title=f"{escaped(title)} · {words.title}" if title else words.title,
            languages_links=_languages(path, visitor.locale),
            course_links="".join(_course_link(path, *chapter) for chapter in course),
            hello=_hello(words, title),
            documents_links=" · ".join(
                f'<a href="/{name}">{escaped(self.documents[name, visitor.locale].title)}</a>'
                for name in NAMES
            ),
            turns=turns,
            ask_now=escaped(ask),
            script_words=escaped(
                json.dumps(
                    {name: getattr(words, name) for name in _SCRIPT_WORDS}, ensure_ascii=False
                )
            ),
        )

    def turn(
        self, visitor: Visitor, request: Request, reply: Reply | None, *, first: bool = False
    ) -> str:
        """Render one question and its answer; None: the script will fetch the answer.

        `first`: nobody asked this, it is what the welcome page begins with.
        """
        words = web_words(visitor.locale)
        body = ""
        if reply is not None:
            body = self.renderers[visitor.locale].parts(reply.parts)
        if reply is None or isinstance(request, Predict):
            body += f"<noscript>{_note(words.no_script_run, 'warning')}</noscript>"
        looks = " failed" if reply is not None and reply.failed else ""
        looks += " first" if first else ""
        return (
            f'<article class="turn{looks}" data-path="{escaped(address(request))}" '
            f'data-answer="{answer_to(request)}">'
            f'<h2 class="asked" tabindex="-1"><span class="sr-only">{words.you}: </span>'
            f"<code>{escaped(spell(request, visitor.locale))}</code></h2>"
            f'<div class="answer">{body}</div></article>'
        )

    def document(self, visitor: Visitor, name: str) -> str:
        """Render the privacy page or the terms."""
        document = self.documents[name, visitor.locale]
        return (
            f'<article class="turn document"><h2>{escaped(document.title)}</h2><div class="text">'
            f"{Markdown(document=True).blocks(document.text)}</div></article>"
        )

    def message(self, visitor: Visitor, sentence: str) -> str:
        """Render a turn that only says what is wrong."""
        words = web_words(visitor.locale)
        return (
            f'<article class="turn failed"><h2 class="sr-only">{words.failed}</h2>'
            f'<div class="answer">{_note(sentence, "error")}'
            f'<ul class="choices"><li><a class="choice" href="/">{words.home}</a></li></ul>'
            "</div></article>"
        )


def _note(sentence: str, tone: str) -> str:
    return f'<div class="note {tone}">{Markdown().blocks(sentence)}</div>'


def _frame_words(words: WebWords) -> dict[str, str]:
    names = "title tagline skip course conversation documents ask placeholder send stop languages"
    found = {name: escaped(getattr(words, name)) for name in (*names.split(), "no_script")}
    return found | {"theme_label": escaped(words.theme)}


def _hello(words: WebWords, title: str) -> str:
    if title:
        return f'<h1 class="sr-only">{escaped(title)} · {words.title}</h1>'
    return f'<header class="hello"><h1>{words.tagline}</h1><p>{words.welcome}</p></header>'


def _languages(path: str, current: Locale) -> str:
    here = {current: ' aria-current="true"'}
    return "".join(
        f'<a href="{escaped(path)}?lang={locale}" lang="{locale}" hreflang="{locale}"'
        f"{here.get(locale, '')}>{own_name(locale)}</a>"
        for locale in locales()
    )


def _course_link(current: str, path: str, title: str) -> str:
    here = ' aria-current="page"' if path == current else ""
    return f'<li><a data-ask href="{escaped(path)}"{here}>{escaped(title)}</a></li>'
