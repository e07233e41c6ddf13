"""What only Discord's learners read about code of their own."""

from dataclasses import dataclass

from bot.languages import Locale, Wording, spoken

RUN_THIS = Wording(en="Run this code", ko="이 코드 실행하기")


@dataclass(frozen=True, slots=True)
class OwnCodeFormWords:
    """The sentences in one language."""

    title: str
    """The editor's, at most 45 characters, as its labels are."""
    code: str
    placeholder: str
    too_long_here: str
    """In place of the code where it is longer than the editor holds."""
    file: str
    file_about: str
    edit: str
    nothing_found: str
    gone: str
    no_text: str
    not_read: str


_ENGLISH = OwnCodeFormWords(
    title="Try your own code",
    code="asyncio code",
    placeholder="import asyncio …",
    too_long_here="This code is longer than fits here: change code.py, and upload it below.",
    file="Or a file",
    file_about="At most 20 kB; it takes the place of what stands above.",
    edit="Edit and run again",
    nothing_found="No Python code was found. In a message, put it into a code block: three "
    "backticks before and after.",
    gone="The code is no longer here. Paste it into `/try`.",
    no_text="This file is not text in UTF-8. Save it as UTF-8, and upload it once more.",
    not_read="The file could not be read from Discord. Please try again.",
)
_KOREAN = OwnCodeFormWords(
    title="내 코드 실행하기",
    code="asyncio 코드",
    placeholder="import asyncio …",
    too_long_here="여기에 다 들어가지 않는 코드입니다. code.py를 고쳐 아래에 올려 주세요.",
    file="또는 파일",
    file_about="20 kB까지. 파일을 올리면 위의 내용 대신 실행합니다.",
    edit="고쳐서 다시 실행",
    nothing_found="Python 코드를 찾지 못했습니다. 메시지에서는 코드 앞뒤에 백틱 세 개를 붙여 코드 "
    "블록으로 만들어 주세요.",
    gone="코드가 더 이상 없습니다. `/코드`에 붙여 넣어 주세요.",
    no_text="이 파일은 UTF-8 텍스트가 아닙니다. UTF-8로 저장해 다시 올려 주세요.",
    not_read="디스코드에서 파일을 읽지 못했습니다. 다시 해 주세요.",
)


def own_code_form_words(locale: Locale) -> OwnCodeFormWords:
    """Return the sentences in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)
