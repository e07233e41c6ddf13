"""The place in the page where learners write code: a text area, and the editor in its place."""

import json

from bot.languages import Locale
from bot.platforms.web.markup import escaped
from bot.tutor.pasted_code import LONGEST_CODE
from bot.tutor.words.speech import FixedSentence, Speech


class EditorWords(Speech):
    """The sentences around own code in one language."""

    __slots__ = ()

    code = FixedSentence(ko="내 asyncio 코드", en="Your asyncio code")
    run = FixedSentence(ko="실행하기", en="Run it")
    link = FixedSentence(ko="이 코드의 링크 복사", en="Copy a link to this code")
    linked = FixedSentence(
        ko="링크를 복사했습니다. 코드는 서버가 아니라 링크 안에만 있습니다.",
        en="The link is copied. The code is in the link alone, not on the server.",
    )
    addressed = FixedSentence(
        ko="브라우저가 복사를 허용하지 않아 링크를 주소창에 넣었습니다. 코드는 서버가 아니라 링크 "
        "안에만 있습니다.",
        en="The link is in the address bar: the browser did not let it be copied. The code is in "
        "the link alone, not on the server.",
    )
    foreign = FixedSentence(
        ko="링크에 다른 사람의 코드가 들어 있습니다. 실행하기 전에 읽어 보세요.",
        en="Somebody's code came with this link. Read it before you run it.",
    )
    broken = FixedSentence(
        ko="링크에 든 코드를 읽을 수 없습니다. 손상되었거나 20 kB보다 깁니다.",
        en="The code in this link cannot be read: it is damaged, or longer than 20 kB.",
    )
    change = FixedSentence(ko="코드 바꿔 보기", en="Change it")
    no_script = FixedSentence(
        ko="직접 쓴 코드를 실행하려면 JavaScript가 필요합니다.",
        en="Your own code needs JavaScript.",
    )


class CodeAreaWords(Speech):
    """What the script says where code is typed, in one language."""

    __slots__ = ()

    keys = FixedSentence(
        ko="Tab으로 들여 쓰고, Esc를 누른 다음 Tab을 누르면 편집기에서 나갑니다. "
        "Ctrl+Enter(⌘+Enter)로 실행하고, F8로 다음 진단으로 갑니다.",
        en="Tab indents; Esc and then Tab leaves the editor. Ctrl+Enter (⌘+Enter) hands the code "
        "in, F8 goes to the next finding.",
    )
    """Which keys do what in the editor, the way out of it among them."""
    leaving = FixedSentence(
        ko="이제 Tab을 누르면 편집기에서 나갑니다.", en="Tab now leaves the editor."
    )
    """Told to listeners after Esc."""
    found = FixedSentence(ko="코드에서 찾은 것: {count}가지.", en="Findings in the code: {count}.")
    """Told to listeners before the findings; holds {count}."""
    too_long = FixedSentence(
        ko="코드는 {most} kB까지 쓸 수 있습니다. 지금은 {size} kB이니 줄여 주세요.",
        en="Code may have {most} kB. This has {size} kB: shorten it.",
    )
    """Holds {most} and {size}, in kB."""
    control_character = FixedSentence(ko="제어 문자", en="Control character")
    diagnostics = FixedSentence(ko="진단", en="Findings")
    no_diagnostics = FixedSentence(ko="찾은 것이 없습니다", en="Nothing was found")
    close = FixedSentence(ko="닫기", en="close")
    selection_deleted = FixedSentence(ko="선택한 곳을 지웠습니다", en="Selection deleted")


def code_area(name: str, label: str, code: str, locale: Locale) -> str:
    """Render a field for code, with what the page's script and its editor say as data.

    :param name: the field's name in its form
    """
    rows = min(max(code.count("\n") + 2, 12), 40)
    words = escaped(json.dumps(CodeAreaWords(locale).sentences(), ensure_ascii=False))
    return (
        f'<label class="code-area" data-longest="{LONGEST_CODE}" data-words="{words}">'
        f'<span>{escaped(label)}</span><textarea name="{name}" rows="{rows}" spellcheck="false" '
        f'autocapitalize="off" autocomplete="off" wrap="off" maxlength="{LONGEST_CODE}">'
        f'\n{escaped(code)}</textarea></label><p class="too-long" role="status"></p>'
    )


def editor(code: str, locale: Locale) -> str:
    """Render the form for own code, with what its script says as data."""
    say = EditorWords(locale)
    return (
        f'<form class="own-code" data-longest="{LONGEST_CODE}" data-linked="{escaped(say.linked)}" '
        f'data-addressed="{escaped(say.addressed)}" '
        f'data-foreign="{escaped(say.foreign)}" data-broken="{escaped(say.broken)}">'
        f"{code_area('code', say.code, code, locale)}"
        '<p class="said" role="status"></p>'
        f'<button class="primary" type="submit">{say.run}</button> '
        f'<button class="link" type="button" disabled>{say.link}</button>'
        f'<noscript><div class="note warning">{say.no_script}</div></noscript></form>'
    )
