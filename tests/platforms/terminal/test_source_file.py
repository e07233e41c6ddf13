"""Files of a learner's own: read as Python reads them, or refused in the learner's language."""

from io import BytesIO
from pathlib import Path

import pytest

from bot.errors import TutorError
from bot.platforms.terminal.source_file import LARGEST_FILE, read_source, read_stream

NO_TEXT = b"\xff\xfe\x00"


@pytest.mark.parametrize(
    ("name", "ko", "en"),
    [
        ("bad.py", "UTF-8로 저장해 주세요", "Save it as UTF-8"),
        ("none.py", "파일이 없습니다", "There is no file"),
        ("large.py", "1 MiB보다 큽니다", "larger than 1 MiB"),
        (".", "파일이 아닙니다", "is no file"),
    ],
)
def test_what_cannot_be_read_is_told_in_both_languages(
    tmp_path: Path, name: str, ko: str, en: str
) -> None:
    (tmp_path / "bad.py").write_bytes(NO_TEXT)
    with (tmp_path / "large.py").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    for language, told in (("ko", ko), ("en", en)):
        with pytest.raises(TutorError, match=told):
            read_source(tmp_path / name, language)


def test_a_file_says_how_it_is_encoded(tmp_path: Path) -> None:
    file = tmp_path / "old.py"
    file.write_bytes("# -*- coding: euc-kr -*-\nprint('안녕')\n".encode("euc-kr"))
    assert "안녕" in read_source(file, "ko")


def test_a_stream_is_text_in_utf_8() -> None:
    assert read_stream(BytesIO(b"\xef\xbb\xbfprint(1)"), "ko") == "print(1)"
    assert read_stream(None, "ko") == ""
    with pytest.raises(TutorError, match="stdin의 내용은"):
        read_stream(BytesIO(NO_TEXT), "ko")
