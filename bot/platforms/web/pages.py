"""Pages in one piece: the frame of the playground, and answers that need no run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.languages import Locale, locales, own_name
from bot.platforms.delivery import last_reply
from bot.platforms.web.addresses import Addresses
from bot.platforms.web.assets import Assets
from bot.platforms.web.course_map import course_list
from bot.platforms.web.documents import NAMES, Documents
from bot.platforms.web.markup import Markdown, escaped, is_https
from bot.platforms.web.render import HtmlRenderer
from bot.platforms.web.replay_words import script_words
from bot.platforms.web.visitors import Visitor
from bot.platforms.web.welcome import hello
from bot.platforms.web.words import WebWords
from bot.tutor.commands import REQUESTS, answer_to
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Ask,
    Chapter,
    CourseMap,
    ListLessons,
    Predict,
    Reply,
    Request,
)
from bot.tutor.protocol import Tutor

_SCRIPT_WORDS = (
    "stopped",
    "working",
    "done",
    "failed",
    "copy",
    "copied",
    "copy_refused",
    "change",
    "pending",
    "lost",
    "pictureless",
    "changed",
    "suggestions",
    "you",
    "progress",
    "title",
)

_RUNNING = tuple(name for it in REQUESTS if it.answer == "run" for name in it.names)
"""What commands are called that run something: of those, a learner may have one at a time."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes pages. Rendering takes milliseconds: `frame` is to be called in a thread."""

    tutor: Tutor
    assets: Assets
    renderers: Mapping[Locale, HtmlRenderer]
    documents: Documents
    addresses: Addresses
    site: str = ""
    """The playground's public address; "" where it has none."""
    report: str = ""
    """Where mistakes are reported; "" for nowhere."""

    async def answer(self, ask: Ask) -> Reply:
        """Return the tutor's last word on `ask`."""
        return await last_reply(self.tutor, ask)

    async def course(self, visitor: Visitor) -> tuple[Chapter, ...]:
        """Return the course's chapters."""
        reply = await self.answer(Ask(visitor.learner, visitor.locale, ListLessons(), page=True))
        return tuple(
            chapter
            for part in reply.parts
            if isinstance(part, CourseMap)
            for chapter in part.chapters
        )

    def frame(
        self,
        visitor: Visitor,
        path: str,
        course: tuple[Chapter, ...],
        turns: str,
        *,
        title: str = "",
        ask: str = "",
        nonce: str,
    ) -> str:
        """Return the whole page around `turns`.

        :param ask: an address that the script is to ask at once
        :param nonce: allows the page's styles, and those that the code editor makes
        """
        words = WebWords(visitor.locale)
        return self.assets.page.substitute(
            self._frame(visitor.locale, title, nonce),
            theme=visitor.theme,
            languages_links=_languages(path, visitor.locale),
            course_links=course_list(path, course, self.addresses),
            hello=hello(words, title, self.addresses),
            social=self._social(words, title),
            report_link=self._report(words),
            documents_links=self._documents_links(visitor.locale),
            turns=turns,
            ask_now=escaped(ask),
        )

    def embedded(self, locale: Locale, whole: str, turns: str, *, title: str, nonce: str) -> str:
        """Return what is shown inside a page of another site.

        :param whole: where the same is in the playground itself
        :param nonce: as in `frame`
        """
        words = WebWords(locale)
        return self.assets.embedded.substitute(
            self._frame(locale, title, nonce),
            turns=turns,
            whole=escaped(whole),
            open_whole=words.open_whole,
        )

    def _frame(self, locale: Locale, title: str, nonce: str) -> dict[str, str]:
        """Return what every page begins with, for the templates."""
        words = WebWords(locale)
        said = {name: getattr(words, name) for name in _SCRIPT_WORDS}
        said["replay"] = script_words(locale)
        return _frame_words(words) | {
            "lang": locale,
            "version": self.assets.version,
            "style_nonce": nonce,
            "styles": self.assets.styles,
            "editor": "built" if self.assets.has_editor else "",
            "page_title": f"{escaped(title)} · {words.title}" if title else words.title,
            "root": self.addresses.root,
            "base": self.addresses.base,
            "runs": escaped(" ".join(_RUNNING)),
            "script_words": escaped(json.dumps(said, ensure_ascii=False)),
        }

    def _documents_links(self, locale: Locale) -> str:
        return " · ".join(
            f'<a href="{self.addresses.page(name)}">{escaped(self.documents[name, locale].title)}'
            "</a>"
            for name in NAMES
        )

    def _social(self, words: WebWords, title: str) -> str:
        """Return what a chat shows of a link to this page."""
        shown = {
            "og:title": title or words.title,
            "og:description": words.tagline,
            "og:type": "website",
            "og:site_name": words.title,
        }
        if self.site:
            shown["og:image"] = f"{self.site}/static/{self.assets.version}/card.png"
        metas = "".join(
            f'<meta property="{name}" content="{escaped(value)}">' for name, value in shown.items()
        )
        card = "summary_large_image" if self.site else "summary"
        return f'{metas}<meta name="twitter:card" content="{card}">'

    def _report(self, words: WebWords) -> str:
        if not self.report or not is_https(self.report):
            return ""
        return (
            f'<a href="{escaped(self.report)}" rel="noopener noreferrer" '
            f'target="_blank">{words.report}</a>'
        )

    def turn(
        self,
        visitor: Visitor,
        request: Request,
        reply: Reply | None,
        *,
        first: bool = False,
        expected: Reply | None = None,
        offer: bool = False,
    ) -> str:
        """Render one question and its answer; None: the script will fetch the answer.

        :param first: nobody asked this, it is what the welcome page begins with
        :param expected: what is shown in its place where there is no script
        :param offer: show what is expected to all, and run it when they say so
        """
        words, renderer = WebWords(visitor.locale), self.renderers[visitor.locale]
        body = "" if reply is None else renderer.parts(reply.parts)
        if offer and expected is not None:
            where = escaped(self.addresses.of(request))
            body = (
                f'<p class="offer"><a class="primary" data-ask="here" href="{where}">'
                f"{words.run_now}</a></p>{renderer.parts(expected.parts)}"
                f"<noscript>{renderer.note(words.no_script_run, 'warning')}</noscript>"
            )
        elif reply is None or isinstance(request, Predict):
            read = renderer.parts(expected.parts) if expected else ""
            body += f"<noscript>{renderer.note(words.no_script_run, 'warning')}{read}</noscript>"
        looks = " failed" if reply is not None and reply.failed else ""
        looks += " first" if first else ""
        return (
            f'<article class="turn{looks}" data-path="{escaped(self.addresses.of(request))}" '
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
            f"{Markdown(self.addresses, document=True).blocks(document.text)}</div></article>"
        )

    def message(self, visitor: Visitor, sentence: str) -> str:
        """Render a turn that only says what is wrong."""
        words = WebWords(visitor.locale)
        note = self.renderers[visitor.locale].note(sentence, "error")
        return (
            f'<article class="turn failed"><h2 class="sr-only">{words.failed}</h2>'
            f'<div class="answer"><div class="part">{note}</div>'
            '<div class="part"><ul class="choices">'
            f'<li><a class="choice" href="{self.addresses.home}">{words.home}</a></li></ul>'
            "</div></div></article>"
        )


def _frame_words(words: WebWords) -> dict[str, str]:
    names = "title tagline skip course conversation documents ask placeholder send stop languages"
    found = {name: escaped(getattr(words, name)) for name in (*names.split(), "no_script")}
    return found | {"theme_label": escaped(words.theme), "present_label": escaped(words.present)}


def _languages(path: str, current: Locale) -> str:
    here = {current: ' aria-current="true"'}
    return "".join(
        f'<a href="{escaped(path)}?lang={locale}" lang="{locale}" hreflang="{locale}"'
        f"{here.get(locale, '')}>{own_name(locale)}</a>"
        for locale in locales()
    )
