"""Korean particles agree with the word before them, quoted or not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KOREAN = [
    *sorted((ROOT / "bot").rglob("words/*.py")),
    *sorted((ROOT / "bot/platforms").rglob("wait_words.py")),
    *sorted((ROOT / "docs").glob("*.ko.md")),
    *sorted((ROOT / "lessons").glob("*.yaml")),
    ROOT / "README.ko.md",
]
QUOTED = re.compile(
    r"([가-힣])[`”*]+(이나|나|을|를|은|는|이|가|과|와|으로|로|이라고|라고)(?![가-힣])"
)
AFTER_A_CONSONANT = {"이나", "을", "은", "이", "과", "으로", "이라고"}
RIEUL = 8
"""The final consonant ㄹ, after which it is 로 all the same."""


def disagreements(text: str) -> list[str]:
    """What follows a quoted Hangul word in the wrong form."""
    wrong = []
    for found in QUOTED.finditer(text):
        final = (ord(found[1]) - ord("가")) % 28
        closed = final != 0
        if found[2] in {"로", "으로"} and final == RIEUL:
            closed = False
        if closed != (found[2] in AFTER_A_CONSONANT):
            wrong.append(found[0])
    return wrong


@pytest.mark.parametrize("path", KOREAN, ids=lambda path: str(path.relative_to(ROOT)))
def test_particles_agree(path: Path) -> None:
    assert disagreements(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("`/강의`나 `/도움말`로", True),
        ("`/강의`이나", False),
        ("`/도움말`나", False),
        ("`/실행`을", True),
        ("“비교”을", False),
        ("`/설명`으로", True),
    ],
)
def test_what_agrees(text: str, *, right: bool) -> None:
    assert (disagreements(text) == []) is right
