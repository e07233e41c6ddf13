"""Printed lines are held against the limits, and what fits is kept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.runner.host.meter import Meter, Splitter
from bot.runner.model import Limits, Line


def kept(limits: Limits, *texts: str) -> tuple[list[str], str]:
    meter = Meter(limits)
    lines = [meter.admit(Line(0.0, text)) for text in texts]
    return [line.text for line in lines if line is not None], meter.exceeded


def test_within_the_limits_everything_is_kept() -> None:
    assert kept(Limits(), "a", "", "c") == (["a", "", "c"], "")


def test_one_line_too_many() -> None:
    assert kept(Limits(output_lines=2), "a", "b", "c", "d") == (["a", "b"], "output_lines")


def test_a_line_that_is_too_long_is_cut() -> None:
    assert kept(Limits(line_bytes=4), "abcde", "f") == (["abcd"], "line_bytes")


def test_a_cut_never_splits_a_character() -> None:
    assert kept(Limits(line_bytes=4), "가나") == (["가"], "line_bytes")


def test_output_is_kept_to_its_last_byte() -> None:
    assert kept(Limits(output_bytes=5), "abc", "de") == (["abc", "d"], "output_bytes")


def test_newlines_count() -> None:
    assert kept(Limits(output_bytes=3), *[""] * 5) == ([""] * 3, "output_bytes")
    meter = Meter(Limits(output_bytes=10))
    meter.admit(Line(0.0, "abc"))
    assert (meter.output_bytes, meter.output_lines) == (4, 1)


@given(st.lists(st.text(max_size=30), max_size=30), st.integers(1, 60), st.integers(1, 20))
def test_whatever_is_printed_nothing_beyond_the_limits_is_kept(
    texts: list[str], output: int, line: int
) -> None:
    limits = Limits(output_bytes=output, line_bytes=line, output_lines=10)
    found, exceeded = kept(limits, *texts)
    assert len(found) <= 10
    assert sum(len(text.encode("utf-8", "replace")) for text in found) <= output
    assert all(len(text.encode("utf-8", "replace")) <= line for text in found)
    if not exceeded:
        assert found == texts


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, cuts: list[int]) -> None:
    splitter = Splitter(1_000)
    found, start = [], 0
    for cut in [*sorted(min(cut, len(data)) for cut in cuts), len(data)]:
        found += splitter.feed(data[start:cut])
        start = cut
    found += splitter.flush()
    expected = data.decode(errors="replace").split("\n")
    assert found == (expected if expected[-1] else expected[:-1])


def test_an_endless_line_is_not_waited_for() -> None:
    splitter = Splitter(10)
    assert splitter.feed(b"x" * 8) == []
    assert splitter.feed(b"x" * 8) == ["x" * 16]
    assert splitter.flush() == []
