"""Frames are what the decoder expects, whatever text goes into them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.runner.protocol import recorder_frames

ANY_TEXT = st.text(st.characters(), max_size=2_000)


def test_a_switch_is_24_bytes() -> None:
    assert (
        len(
            recorder_frames.state(
                recorder_frames.RUNNING, 1, 2**63, line=2**31, by=recorder_frames.LANES + 1
            )
        )
        == 24
    )


@given(ANY_TEXT)
def test_no_text_holds_the_mark_of_a_frame(text: str) -> None:
    assert recorder_frames.MARK_BYTES not in recorder_frames.clipped(text, 10_000)
    assert recorder_frames.state(recorder_frames.READY, 0, 0).startswith(recorder_frames.MARK_BYTES)


@given(ANY_TEXT, st.integers(4, 500))
def test_clipped_text_fits_and_is_utf8(text: str, limit: int) -> None:
    data = recorder_frames.clipped(text, limit)
    assert len(data) <= limit
    readable = data.decode()
    escaped = text.encode("utf-8", "backslashreplace").decode()
    assert escaped.startswith(readable)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_the_longest_frame_has_room_in_its_length(one: str, two: str, three: str) -> None:
    for made in (
        recorder_frames.birth(recorder_frames.TASK, 1, 2, parent=0, name=one * 50, code=two * 50),
        recorder_frames.word(1, recorder_frames.On(one * 50, two * 50, 3.0)),
        recorder_frames.ending(
            recorder_frames.RAISED, 2, line=3, kind=one, message=two * 50, traceback=three * 50
        ),
    ):
        length = recorder_frames.HEADER.unpack_from(made)[3]
        assert (
            len(made)
            == recorder_frames.HEADER.size + length
            <= recorder_frames.HEADER.size + recorder_frames.MAX_PAYLOAD
        )
