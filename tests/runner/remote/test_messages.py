"""What crosses NATS: everything comes back as it was, and nothing hostile comes through."""

import json
from dataclasses import asdict
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from bot.runner.lane_events import LaneState, Wait
from bot.runner.model import Event, Failure, Finished, Limits, Outcome, Refusal
from bot.runner.remote import messages
from bot.runner.remote.messages import (
    FromRun,
    ProtocolError,
    RunMessage,
    Status,
    ToRun,
    batch,
    decode,
    decode_event,
    encode,
    encode_event,
    packed,
    worker_name,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_TIMES = st.floats(0, 1e6)
_WAITS = st.builds(
    Wait, _TEXT, _TEXT, st.none() | _TIMES, st.lists(st.integers(1, 999), max_size=3).map(tuple)
)
_EVENTS = st.one_of(
    *(st.from_type(kind) for kind in get_args(Event) if kind not in {LaneState, Finished}),
    st.builds(LaneState, _TIMES, st.integers(0, 99), st.just("waiting"), wait=_WAITS),
    st.builds(
        Finished,
        st.sampled_from(Outcome),
        _TIMES,
        failure=st.none() | st.builds(Failure, _TEXT, _TEXT, st.none() | st.integers(1, 9), _TEXT),
        refused=st.lists(st.builds(Refusal, st.just("file"), detail=_TEXT), max_size=3).map(tuple),
    ),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)
REQUEST = RunMessage(
    run="0" * 32,
    front="1" * 8,
    name="gather",
    code=packed("print(1)"),
    limits=Limits(),
    deadline=60,
    credit=16,
)


def _is_writable(event: Event) -> bool:
    """Tell whether a recorder could have told it: only UTF-8 and finite times come from one."""
    try:
        json.dumps(asdict(event), allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


@given(_EVENTS.filter(_is_writable))
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert decode_event(from_json(encode_event(event))) == event


@given(_JSON)
def test_what_is_no_event_is_refused(sent: Any) -> None:
    try:
        event = decode_event(sent)
    except ProtocolError:
        return
    assert isinstance(event, get_args(Event))


@pytest.mark.parametrize("kind", [Status, RunMessage, ToRun, FromRun])
@given(data=st.binary(max_size=200) | _JSON.map(lambda it: json.dumps(it).encode()))
def test_what_is_no_message_is_refused(kind: type[Any], data: bytes) -> None:
    try:
        message = decode(kind, data)
    except ProtocolError:
        return
    assert isinstance(message, kind)


@given(st.text())
def test_any_code_arrives(code: str) -> None:
    sent = decode(RunMessage, encode(REQUEST.model_copy(update={"code": packed(code)})))
    assert sent.request().code == code


def test_a_megabyte_of_code_fits_into_a_message() -> None:
    code = "# " + "한글" * 2**19
    sent = encode(REQUEST.model_copy(update={"code": packed(code)}))
    assert len(sent) < messages.LARGEST_MESSAGE
    assert decode(RunMessage, sent).request().code == code


@pytest.mark.parametrize("code", ["", "!", "AAAA", packed("x" * 9 * 2**20), packed("ab")[:-8]])
def test_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(ProtocolError):
        REQUEST.model_copy(update={"code": code}).request()


def test_unknown_fields_are_ignored_so_that_some_can_be_added() -> None:
    sent = json.loads(encode(REQUEST)) | {"colour": "red"}
    assert decode(RunMessage, json.dumps(sent).encode()) == REQUEST


def test_a_message_is_bounded() -> None:
    with pytest.raises(ProtocolError, match="bytes"):
        decode(FromRun, batch(1, [b" " * messages.LARGEST_MESSAGE]))


def test_lone_surrogates_and_endless_numbers_are_refused() -> None:
    for text in (rb'["line",{"at":1.0,"text":"\ud800"}]', b'["line",{"at":NaN,"text":""}]'):
        with pytest.raises(ProtocolError):
            decode(FromRun, batch(1, [text]))


@given(st.text())
def test_any_host_has_a_name_for_a_subject(host: str) -> None:
    name = worker_name(host)
    subject = messages.status_subject(f"{name}.00000000")
    assert messages.read_status_subject(subject) == (messages.VERSION, f"{name}.00000000")


@pytest.mark.parametrize(
    "subject", ["tutor.v1.status", "tutor.v1.status.a.b", "x", "tutor.vx.status.a.00000000"]
)
def test_other_subjects_are_no_status(subject: str) -> None:
    with pytest.raises(ProtocolError):
        messages.read_status_subject(subject)
