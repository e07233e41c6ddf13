"""Files that are no lessons at all: one clear error each, in no time, never a traceback."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.files.errors import MAX_PROBLEMS, LessonFileError
from bot.lessons.files.load import load_file, load_folders
from bot.lessons.files.read_file import MAX_BYTES
from tests.lessons.sample import SAMPLE

SNIPPETS = st.sampled_from(
    [
        "null",
        "[]",
        "{}",
        ": ",
        "- ",
        "\n",
        "  ",
        "|",
        ">",
        "'",
        '"',
        "&a",
        "*a",
        "!!x ",
        "<<k>>",
        "1e999",
    ]
)
LAUGHS = "a: &a [lol, lol]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
)


def refused(path: Path) -> str:
    with pytest.raises(LessonFileError) as caught:
        load_file(path)
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(f"{path}:")
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "1:1: the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        (b"\n\n---\n...\n", "found nothing where the lesson's fields should be"),
        (b"- id: x\n", "1:1: found a list where the lesson's fields"),
        (b"just text", "found the text"),
        (b"42", "found the number 42"),
        (b"\xef\xbb\xbfid: x\n", "byte order mark"),
        (SAMPLE.encode("utf-16"), "the file is UTF-16"),
        ("id: x\ntitle: {ko: 표본".encode("cp949"), "2:14: byte 0xba is not UTF-8"),
        (b"id: \xed\xa0\x80", "1:5: byte 0xed is not UTF-8"),
        (b"\x00" * 100, "U+0000"),
        (b"id: [a", "not YAML"),
        (b'id: "a', "Close the quote"),
        (b"%YAML 3.0\n---\nid: x", "not YAML"),
        (b"id: x\n\x89PNG", "is not UTF-8"),
        (b"{" * 100_000, "nested more than"),
        (b"- " * 100_000, "nested more than"),
        (b"? " * 100_000, "nested more than"),
        (LAUGHS.encode(), "alias"),
        (b"id: &a [*a]", "alias"),
        (b"x" * (MAX_BYTES + 1), "at most 256 KiB"),
        (b"a: [" + b"x, " * 87_000 + b"]", "1:4: the file has more than 10000 parts"),
    ],
)
def test_what_is_no_lesson_gets_one_error(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    assert said in refused(path)


@given(st.data())
def test_no_damage_makes_a_traceback(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 40, len(text))))
        text = text[:start] + data.draw(st.one_of(st.text(max_size=3), SNIPPETS)) + text[end:]
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(text.encode(errors="surrogatepass"))
        file.flush()
        try:
            load_file(Path(file.name))
        except LessonFileError as error:
            for problem in error.problems:
                assert problem.line >= 1
                assert problem.column >= 1
                assert problem.hint
                assert "\n" not in str(problem)


def test_no_more_problems_are_told_than_anybody_reads(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("concepts:\n" + "  - {}\n" * 3_000)
    with pytest.raises(LessonFileError) as caught:
        load_file(path)
    assert len(caught.value.problems) == MAX_PROBLEMS


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)
    started = time.perf_counter()
    assert "1099511627776 bytes" in refused(path)
    assert time.perf_counter() - started < 5  # reading it would take minutes


def test_a_folder_named_like_a_lesson(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.mkdir()
    assert "a folder" in refused(path)


def test_a_named_pipe_does_not_make_the_bot_wait(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    assert "a folder or a device" in refused(path)


def test_a_symbolic_link_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.symlink_to(path)
    assert "symbolic links" in refused(path)


def test_a_device(tmp_path: Path) -> None:
    path = tmp_path / "zero.yaml"
    path.symlink_to("/dev/zero")
    assert "a device" in refused(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "gone.yaml")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(SAMPLE)
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # who may read everything
        os.seteuid(65534)
    try:
        assert "Permission denied" in refused(path)
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_is_not_there_takes_nothing_down(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "sample.yaml").write_text(SAMPLE)
    loaded = load_folders([tmp_path / "gone", here])
    assert [lesson.id for lesson in loaded.lessons] == ["sample"]
    assert "cannot be read" in str(loaded.errors[0])


def test_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "dos.yaml"
    path.write_bytes(SAMPLE.replace("\n", "\r\n").encode())
    assert load_file(path).scenarios[0].code.startswith("import time\n\nprint")
