import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import Locale, locales
from bot.platforms.discord import custom_ids
from bot.tutor.forms import Guess
from bot.tutor.grammar import spell
from bot.tutor.model import Compare, Explain, Help, ListLessons, Predict, Request, Run

names = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
requests: st.SearchStrategy[Request] = st.one_of(
    st.builds(Help),
    st.builds(ListLessons, st.one_of(st.just(""), names)),
    st.builds(Explain, names),
    st.builds(Run, names),
    st.builds(Predict, names),
    st.builds(Compare, st.lists(names, min_size=1, max_size=5).map(tuple)),
)


@given(requests)
def test_what_is_written_is_read_back(request: Request) -> None:
    custom_id = custom_ids.write(request)
    if custom_id is None:
        assert isinstance(request, Compare)
    else:
        assert len(custom_id) <= custom_ids.CUSTOM_ID_LIMIT
        assert custom_ids.ASK_TEMPLATE.fullmatch(custom_id)
        assert custom_ids.request_of(custom_id) == request


@given(names, st.sampled_from([None, *locales()]), st.booleans())
def test_a_replay_is_read_back_with_what_was_chosen(
    name: str,
    locale: Locale | None,
    private: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    chosen = custom_ids.Chosen(locale, private=private)
    custom_id = custom_ids.write(Run(name), chosen, verb="replay")
    assert custom_id is not None
    assert custom_ids.REPLAY_TEMPLATE.fullmatch(custom_id)
    assert custom_ids.request_of(custom_id) == Run(name)
    assert custom_ids.chosen_in(custom_id) == chosen


@given(st.text())
def test_anything_can_be_read_without_a_fault(custom_id: str) -> None:
    request = custom_ids.request_of(custom_id)
    if request is not None:
        written = custom_ids.write(request)
        assert written is None or custom_ids.request_of(written) == request


@pytest.mark.parametrize(
    "request_", [Run("한글"), Run(""), Run("a:b"), Predict("gather", Guess(3.0, ("a",)))]
)
def test_what_cannot_be_held_is_not_written(request_: Request) -> None:
    assert custom_ids.write(request_) is None
    assert spell(request_, "en").startswith("/")
