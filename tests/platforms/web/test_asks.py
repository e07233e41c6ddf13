"""Addresses and typed lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.asks import command_of, from_path, from_text, path_of
from bot.tutor.model import Compare, Explain, Help, ListLessons, Predict, Request, Run

names = st.from_regex(r"[a-z][a-z0-9_]{0,31}|[가-힣]{1,10}", fullmatch=True)
requests: st.SearchStrategy[Request] = st.one_of(
    st.just(Help()),
    st.just(ListLessons()),
    names.map(ListLessons),
    names.map(Explain),
    names.map(Run),
    names.map(Predict),
    st.lists(names, min_size=2, max_size=5).map(lambda found: Compare(tuple(found))),
)


@given(requests)
def test_every_request_has_an_address_and_a_command_that_lead_back(request: Request) -> None:
    assert from_path(path_of(request)) == request
    assert from_text(command_of(request)) == request


@given(st.text(max_size=400))
def test_whatever_is_typed_or_put_in_an_address_is_understood_or_refused(text: str) -> None:
    for found in (from_text(text), from_path(text)):
        assert found is None or from_path(path_of(found)) == found or "," in path_of(found)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/run gather", Run("gather")),
        ("run gather", Run("gather")),
        ("  /RUN   create task ", Run("create task")),
        ("/실행 gather", Run("gather")),
        ("/비교 sync gather", Compare(("sync", "gather"))),
        ("/설명 코루틴", Explain("코루틴")),
        ("/lessons", ListLessons()),
        ("/수업 await", ListLessons("await")),
        ("코루틴", Explain("코루틴")),
        ("/run", None),
        ("/compare one", None),
        ("/compare a b c d e f", None),
        ("/dance", None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_typed_lines(typed: str, wanted: Request | None) -> None:
    assert from_text(typed) == wanted


@pytest.mark.parametrize(
    "path", ["/run", "/run/", "/", "/nothing/x", "/compare/one", "//", "/../x"]
)
def test_addresses_that_ask_nothing(path: str) -> None:
    assert from_path(path) is None
