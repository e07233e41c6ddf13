from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.text.parsing import parse_python

CODE = "async def f(a):\n" + "    x = [(a, {1: [a + 1, (2, 3)]}), lambda y: y.z(1)[2:3]]\n" * 40


def test_many_threads_parse_at_once() -> None:
    """Python 3.11 fails now and then where its own parser is used so."""
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(parse_python, [CODE] * 100))
    assert {len(tree.body) for tree in trees} == {1}


def test_what_is_no_python_is_told() -> None:
    with pytest.raises(SyntaxError):
        parse_python("def (")
    with pytest.raises((ValueError, SyntaxError)):
        parse_python("a\0b")
