"""The place in the page where learners write code of their own."""

from dataclasses import dataclass

from bot.languages import Locale, spoken
from bot.platforms.web.markup import escaped
from bot.tutor.pasted_code import LONGEST_CODE


@dataclass(frozen=True, slots=True)
class EditorWords:
    """The editor's sentences in one language."""

    code: str
    run: str
    link: str
    linked: str
    foreign: str
    broken: str
    change: str
    no_script: str


_ENGLISH = EditorWords(
    code="Your asyncio code",
    run="Run it",
    link="Copy a link to this code",
    linked="The link is copied. The code is in the link alone, not on the server.",
    foreign="Somebody's code came with this link. Read it before you run it.",
    broken="The code in this link cannot be read: it is damaged, or longer than 20 kB.",
    change="Change it",
    no_script="Your own code needs JavaScript.",
)
_KOREAN = EditorWords(
    code="내 asyncio 코드",
    run="실행하기",
    link="이 코드의 링크 복사",
    linked="링크를 복사했습니다. 코드는 서버가 아니라 링크 안에만 있습니다.",
    foreign="링크에 다른 사람의 코드가 들어 있습니다. 실행하기 전에 읽어 보세요.",
    broken="링크에 든 코드를 읽을 수 없습니다. 손상되었거나 20 kB보다 깁니다.",
    change="코드 바꿔 보기",
    no_script="직접 쓴 코드를 실행하려면 JavaScript가 필요합니다.",
)


def editor(code: str, locale: Locale) -> str:
    """Render the editor as a form, with what its script says as data."""
    say = spoken(locale, ko=_KOREAN, en=_ENGLISH)
    rows = min(max(code.count("\n") + 2, 12), 40)
    return (
        f'<form class="own-code" data-longest="{LONGEST_CODE}" data-linked="{escaped(say.linked)}" '
        f'data-foreign="{escaped(say.foreign)}" data-broken="{escaped(say.broken)}">'
        f'<label><span>{say.code}</span><textarea name="code" rows="{rows}" spellcheck="false" '
        f'autocapitalize="off" autocomplete="off" wrap="off" maxlength="{LONGEST_CODE}">'
        f"\n{escaped(code)}</textarea></label>"
        '<p class="said" role="status"></p>'
        f'<button class="primary" type="submit">{say.run}</button> '
        f'<button class="link" type="button">{say.link}</button>'
        f'<noscript><div class="note warning">{say.no_script}</div></noscript></form>'
    )
