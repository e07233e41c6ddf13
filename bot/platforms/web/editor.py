"""The place in the page where learners write code: a text area, and the editor in its place."""

import json
from dataclasses import asdict, dataclass

from bot.languages import Locale, spoken
from bot.platforms.web.markup import escaped
from bot.tutor.pasted_code import LONGEST_CODE


@dataclass(frozen=True, slots=True)
class EditorWords:
    """The sentences around own code in one language."""

    code: str
    run: str
    link: str
    linked: str
    addressed: str
    foreign: str
    broken: str
    change: str
    no_script: str


_ENGLISH = EditorWords(
    code="Your asyncio code",
    run="Run it",
    link="Copy a link to this code",
    linked="The link is copied. The code is in the link alone, not on the server.",
    addressed="The link is in the address bar: the browser did not let it be copied. The code is "
    "in the link alone, not on the server.",
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
    addressed="브라우저가 복사를 허용하지 않아 링크를 주소창에 넣었습니다. 코드는 서버가 아니라 "
    "링크 안에만 있습니다.",
    foreign="링크에 다른 사람의 코드가 들어 있습니다. 실행하기 전에 읽어 보세요.",
    broken="링크에 든 코드를 읽을 수 없습니다. 손상되었거나 20 kB보다 깁니다.",
    change="코드 바꿔 보기",
    no_script="직접 쓴 코드를 실행하려면 JavaScript가 필요합니다.",
)


@dataclass(frozen=True, slots=True)
class CodeAreaWords:
    """What the script says where code is typed, in one language."""

    keys: str
    """Which keys do what in the editor, the way out of it among them."""
    leaving: str
    """Told to listeners after Esc."""
    found: str
    """Told to listeners before the findings; holds {count}."""
    too_long: str
    """Holds {most} and {size}, in kB."""
    control_character: str
    diagnostics: str
    no_diagnostics: str
    close: str
    selection_deleted: str


_AREA_ENGLISH = CodeAreaWords(
    keys="Tab indents; Esc and then Tab leaves the editor. Ctrl+Enter (⌘+Enter) hands the code in, "
    "F8 goes to the next finding.",
    leaving="Tab now leaves the editor.",
    found="Findings in the code: {count}.",
    too_long="Code may have {most} kB. This has {size} kB: shorten it.",
    control_character="Control character",
    diagnostics="Findings",
    no_diagnostics="Nothing was found",
    close="close",
    selection_deleted="Selection deleted",
)
_AREA_KOREAN = CodeAreaWords(
    keys="Tab으로 들여 쓰고, Esc를 누른 다음 Tab을 누르면 편집기에서 나갑니다. "
    "Ctrl+Enter(⌘+Enter)로 실행하고, F8로 다음 진단으로 갑니다.",
    leaving="이제 Tab을 누르면 편집기에서 나갑니다.",
    found="코드에서 찾은 것: {count}가지.",
    too_long="코드는 {most} kB까지 쓸 수 있습니다. 지금은 {size} kB이니 줄여 주세요.",
    control_character="제어 문자",
    diagnostics="진단",
    no_diagnostics="찾은 것이 없습니다",
    close="닫기",
    selection_deleted="선택한 곳을 지웠습니다",
)


def code_area(name: str, label: str, code: str, locale: Locale) -> str:
    """Render a field for code, with what the page's script and its editor say as data.

    :param name: the field's name in its form
    """
    rows = min(max(code.count("\n") + 2, 12), 40)
    say = asdict(spoken(locale, ko=_AREA_KOREAN, en=_AREA_ENGLISH))
    words = escaped(json.dumps(say, ensure_ascii=False))
    return (
        f'<label class="code-area" data-longest="{LONGEST_CODE}" data-words="{words}">'
        f'<span>{escaped(label)}</span><textarea name="{name}" rows="{rows}" spellcheck="false" '
        f'autocapitalize="off" autocomplete="off" wrap="off" maxlength="{LONGEST_CODE}">'
        f'\n{escaped(code)}</textarea></label><p class="too-long" role="status"></p>'
    )


def editor(code: str, locale: Locale) -> str:
    """Render the form for own code, with what its script says as data."""
    say = spoken(locale, ko=_KOREAN, en=_ENGLISH)
    return (
        f'<form class="own-code" data-longest="{LONGEST_CODE}" data-linked="{escaped(say.linked)}" '
        f'data-addressed="{escaped(say.addressed)}" '
        f'data-foreign="{escaped(say.foreign)}" data-broken="{escaped(say.broken)}">'
        f"{code_area('code', say.code, code, locale)}"
        '<p class="said" role="status"></p>'
        f'<button class="primary" type="submit">{say.run}</button> '
        f'<button class="link" type="button">{say.link}</button>'
        f'<noscript><div class="note warning">{say.no_script}</div></noscript></form>'
    )
