"""What people paste is read as the code that they mean, and what is code already is left alone."""

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tutor.pasted_code import LONGEST_CODE, is_too_long, python_block, read_pasted

PLAIN = 'import asyncio\n\n\nasync def main():\n    print("안녕")\n\n\nasyncio.run(main())\n'
REPL = "x = 1\nx\nif x:\n    x\n\n"


@pytest.mark.parametrize(
    ("text", "code", "mended"),
    [
        (PLAIN, PLAIN, ()),
        ("\ufeff" + PLAIN.replace("\n", "\r\n"), PLAIN, ()),
        (f"```python\n{PLAIN}```", PLAIN, ("fence",)),
        (f"Why is this slow?\n~~~py\n{PLAIN}~~~\nThanks!", PLAIN, ("fence",)),
        (f"```\n{PLAIN}", PLAIN, ("fence",)),
        ("```js\nlet x = 1\n```\n```python\nx = 1\n```", "x = 1\n", ("fence",)),
        ("```py\nprint('x')```", "print('x')\n", ("fence",)),
        (
            ">>> x = 1\n>>> x\n1\n>>> if x:\n...     x\n... \n1\n",
            "x = 1\nx\nif x:\n    x\n\n",
            ("prompts",),
        ),
        ("In [1]: x = 1\n   ...: y = 2\nOut[1]: 3", "x = 1\ny = 2\n", ("prompts",)),
        ("print(“hi”, ‘you’)", "print(\"hi\", 'you')", ("characters",)),
        ("x = “““it’s”””", 'x = """it’s"""', ("characters",)),
        ("def f():\n\u00a0\u00a0return\u30001", "def f():\n  return 1", ("characters",)),
        ("print（１）", "print(1)", ("characters",)),
        ("    x = 1\n    y = 2\n", "x = 1\ny = 2\n", ("indent",)),
        ("if 1:\n\tx = 1\n        y = 2\n", "if 1:\n        x = 1\n        y = 2\n", ("tabs",)),
        (
            "```python\n>>> print(“hi”)\nhi\n```",
            'print("hi")\n',
            ("fence", "prompts", "characters"),
        ),
    ],
)
def test_what_surrounds_code_is_taken_away(text: str, code: str, mended: tuple[str, ...]) -> None:
    read = read_pasted(text)
    assert (read.code, read.mended) == (code, mended)
    ast.parse(read.code)


@pytest.mark.parametrize(
    "code",
    [
        "x = 'print(“hi”)  # ```'\n",
        '"""Usage:\n\n```python\nx\n```\n\n>>> x\n1\n"""\nx = 1\n',
        "if 1:\n\tx = '\u00a0'\n",
        "# “quoted”\nx = 1",
    ],
)
def test_what_is_python_is_never_changed(code: str) -> None:
    assert read_pasted(code) == read_pasted(read_pasted(code).code)
    assert read_pasted(code).code == code


@pytest.mark.parametrize(
    "code", ["print('x'", "x = “oops", "def f(:\n", "a b c\n", "\x00", "1\udc80"]
)
def test_what_stays_broken_keeps_its_lines_for_python_to_explain(code: str) -> None:
    assert read_pasted(code).code.count("\n") == code.count("\n")


@given(st.text(alphabet=st.sampled_from("`~>. \n\t'\"“”‘’#\\abc(）=1:\u00a0\x00"), max_size=400))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    once = read_pasted(text)
    if not once.mended and "\r" not in text:
        assert once.code == text.removeprefix("\ufeff")
    python_block(text)


@pytest.mark.parametrize(
    "piece",
    ["`" * 3 + "\n", "“", "'''", '"', ">>> (\n", "-", "(", "not ", "\t \n", "```a", "if 1:\n "],
)
def test_the_longest_hostile_text_takes_little_time(piece: str) -> None:
    text = (piece * LONGEST_CODE)[:LONGEST_CODE]
    start = time.thread_time()
    read_pasted(text)
    python_block(text)
    assert time.thread_time() - start < 2, (
        "far more than it takes, far less than a quadratic search"
    )


def test_length_is_counted_in_bytes() -> None:
    assert not is_too_long("x" * LONGEST_CODE)
    assert is_too_long("x" * (LONGEST_CODE + 1))
    assert is_too_long("가" * (LONGEST_CODE // 3 + 1))
    assert not is_too_long("\udc80")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Look:\n```python\nx = 1\n```\nand\n```py\ny = 2\n```", "x = 1\n"),
        ("```\nprint(1)\n```", "print(1)\n"),
        ("```json\n{}\n```\n```python\nx = 1\n```", "x = 1\n"),
        ("print('hello')", "print('hello')"),
        (">>> x\n1", ">>> x\n1"),
        ("thanks, bye", None),
        ("hello", None),
        ("Does anybody know asyncio?", None),
        ("```js\nlet x\n```", None),
        ("", None),
    ],
)
def test_the_first_python_in_a_message_is_found(message: str, code: str | None) -> None:
    assert python_block(message) == code
