"""Answers as they grow."""

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.platforms.web.limits import WebLimits
from bot.tutor.forms import Guess
from bot.tutor.model import Compare, Predict
from tests.platforms.web.conftest import Serve
from tests.platforms.web.rawhttp import until
from tests.platforms.web.test_markup import tags
from tests.platforms.web.tutoring import HOSTILE, ScriptedTutor


async def test_a_run_comes_line_by_line_and_ends(serve: Serve) -> None:
    client = await serve(ScriptedTutor(lines=3, pause=0.2))
    answer = await client.ask({"text": "/run gather"})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    (first, begin), *patches = answer.events
    assert first == "begin"
    assert begin == {"path": "/run/gather", "command": "/run gather", "answer": "run"}
    assert [patch["final"] for _, patch in patches] == [False] * (len(patches) - 1) + [True]
    added = "".join(html for _, patch in patches for _, html in patch["set"] + patch["add"])
    assert added.count("+0.500 s") == 1
    drawn = [runs for _, patch in patches for _, runs, _ in patch["draw"]]
    assert [run["running"] for (run,) in drawn] == [True] * (len(drawn) - 1) + [False]
    assert '<figure class="picture">' in added
    assert "a picture" in added
    assert not patches[-1][1]["failed"]


async def test_a_record_travels_once_at_the_end(serve: Serve) -> None:
    client = await serve(ScriptedTutor(lines=3, pause=0.05, replay=True))
    answer = await client.ask({"path": "/run/gather"})
    names = [name for name, _ in answer.events]
    assert names.count("record") == 1
    assert names[-2:] == ["record", "patch"]
    (part, (run,)), *others = answer.events[-2][1].items()
    assert not others
    assert run["lanes"][0]["spans"][:3] == [1, 0, 1_500_000]
    final = answer.events[-1][1]
    assert final["draw"] == []
    assert int(part) in [index for index, _ in final["set"]]


async def test_what_a_scenario_prints_is_never_markup(serve: Serve) -> None:
    client = await serve(ScriptedTutor(text=HOSTILE))
    answer = await client.ask({"path": "/run/gather"})
    html = "".join(
        part for name, patch in answer.events[1:] for _, part in patch["set"] + patch["add"]
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    found = tags(html)
    assert not {"script", "img"} & {tag for tag, _ in found}
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]


async def test_a_prediction_goes_with_its_guess(serve: Serve) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    guess = {"seconds": 3.0, "order": ["one", "two"]}
    answer = await client.ask({"path": "/predict/gather", "guess": guess})
    assert answer.status == 200
    assert tutor.asked[0].what == Predict("gather", Guess(3.0, ("one", "two")))
    await client.ask({"path": "/compare/sync,gather", "lang": "ko"})
    assert tutor.asked[1].what == Compare(("sync", "gather"))
    assert tutor.asked[1].locale == "ko"


async def test_a_prediction_may_say_how_it_ends(serve: Serve) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    guess: dict[str, Any] = {"order": [], "ending": "error:ValueError"}
    await client.ask({"path": "/predict/gather", "guess": guess})
    assert tutor.asked[0].what == Predict("gather", Guess(None, (), "error:ValueError"))
    answer = await client.ask({"path": "/predict/gather", "guess": {"ending": "x" * 201}})
    assert answer.status == 400


async def test_the_learner_is_known_by_the_cookie(serve: Serve) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    await client.ask({"path": "/run/gather"}, {"Cookie": "learner=" + "a" * 22})
    await client.ask({"path": "/run/gather"})
    assert [ask.learner for ask in tutor.asked] == ["web:" + "a" * 22, "web:127.0.0.1"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        ({"text": "/run"}, 400),
        ({"text": "/dance x"}, 400),
        ({"path": "/etc/passwd"}, 400),
        ({"text": "/run gather", "lang": "fr"}, 400),
        ({"text": "/run gather", "extra": 1}, 400),
        ({"text": 7}, 400),
        ({"text": "x" * 1000}, 400),
        ({"path": "/run/gather", "guess": {"seconds": 1}}, 400),
        ({"path": "/predict/gather", "guess": {"seconds": -1}}, 400),
        (b'{"lang":"en","path":"/predict/x","guess":{"seconds":NaN}}', 400),
        ({"path": "/predict/gather", "guess": {"order": ["x"] * 1000}}, 400),
        (b"x" * 100_000, 413),
    ],
)
async def test_a_body_that_cannot_be_understood_is_refused_in_words(
    serve: Serve, body: bytes | dict[str, object], status: int
) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    answer = await client.ask(body)
    assert answer.status == status
    assert "note error" in json.loads(answer.body)["html"]
    assert tutor.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "file://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_nothing_starts_from_another_site(serve: Serve, headers: dict[str, str]) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    answer = await client.ask({"path": "/run/gather"}, headers)
    assert answer.status == 403
    assert tutor.asked == []


async def test_our_own_page_may_ask(serve: Serve) -> None:
    client = await serve()
    headers = {"Origin": f"http://localhost:{client.port}", "Sec-Fetch-Site": "same-origin"}
    assert (await client.ask({"path": "/run/gather"}, headers)).status == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.ask(b"text=/run+gather", form)).status == 415


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("tutor.example.org", 200),
        ("TUTOR.example.org:443", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
async def test_only_our_own_host_names_are_served(serve: Serve, host: str, status: int) -> None:
    client = await serve(hosts=("tutor.example.org",))
    assert (await client.get("/", {"Host": host})).status == status
    assert (await client.get("/healthz", {"Host": host})).status == 200


async def test_too_many_asks_from_one_address_are_told_to_wait(serve: Serve) -> None:
    limits = WebLimits(asks_burst=2, asks_per_second=0.1, pages_burst=3, pages_per_second=0.1)
    client = await serve(limits=limits)
    with capture_logs() as logs:
        found = [await client.ask({"path": "/run/gather"}) for _ in range(3)]
    assert [answer.status for answer in found] == [200, 200, 429]
    (line,) = logs
    assert (line["event"], line["cause"]) == ("refused", "address's rate")
    assert (line["learner"], line["platform"]) == ("web:127.0.0.1", "web")
    assert 1 <= int(found[2].headers["Retry-After"]) <= 10
    with capture_logs() as logs:
        pages = [await client.get("/help?lang=en") for _ in range(4)]
    assert [line["cause"] for line in logs] == ["address's rate"]
    assert [answer.status for answer in pages] == [200, 200, 200, 429]
    assert "Too many requests" in pages[3].text


async def test_only_so_many_answers_at_once_for_one_address(serve: Serve) -> None:
    tutor = ScriptedTutor(endless=True, pause=0.05)
    client = await serve(tutor, limits=WebLimits(streams=1))
    async with client.connection() as (_, writer):
        writer.write(client.asking({"path": "/run/gather"}))
        await until(lambda: tutor.sent)
        with capture_logs() as logs:
            assert (await client.ask({"path": "/run/gather"})).status == 429
        assert [line["cause"] for line in logs] == ["address's streams"]
    await until(lambda: tutor.closed == 1)
    tutor.endless = False
    assert (await client.ask({"path": "/run/gather"})).status == 200


async def test_a_socket_that_vanishes_ends_its_run(serve: Serve) -> None:
    tutor = ScriptedTutor(endless=True, pause=0.02)
    client = await serve(tutor)
    async with client.connection() as (reader, writer):
        writer.write(client.asking({"path": "/run/gather"}))
        await reader.readuntil(b"event: patch")
    await until(lambda: tutor.closed == 1)
    assert 'why="gone"} 1.0' in (await client.get("/metrics")).text


async def test_a_tutor_that_fails_is_told_as_such(serve: Serve) -> None:
    client = await serve(ScriptedTutor(broken=True))
    with capture_logs() as logs:
        answer = await client.ask({"path": "/run/gather"})
    assert [(line["event"], line["request"]) for line in logs] == [("answer failed", "Run")]
    name, patch = answer.events[-1]
    assert name == "patch"
    assert patch["final"]
    assert patch["failed"]
    assert "Something went wrong" in patch["set"][0][1]
    assert "RuntimeError" not in answer.text


async def test_closing_waits_for_answers_and_tells_the_rest(serve: Serve) -> None:
    tutor = ScriptedTutor(endless=True, pause=0.02)
    client = await serve(tutor)
    asking = asyncio.create_task(client.ask({"path": "/run/gather"}))
    await until(lambda: tutor.sent > 3)
    await client.playground.close(grace=0.1)
    _, patch = (await asking).events[-1]
    assert patch["final"]
    assert "shutting down" in patch["set"][-1][1]
    assert tutor.closed == 1


async def test_closing_lets_an_answer_finish(serve: Serve) -> None:
    tutor = ScriptedTutor(lines=3, pause=0.2)
    client = await serve(tutor)
    asking = asyncio.create_task(client.ask({"path": "/run/gather"}))
    await until(lambda: tutor.sent)
    await client.playground.close(grace=10)
    _, patch = (await asking).events[-1]
    assert patch["final"]
    assert not patch["failed"]


async def test_open_pages_hear_that_the_lessons_changed(serve: Serve) -> None:
    client = await serve()
    async with client.connection() as (reader, writer):
        writer.write(client.head("GET", "/api/news"))
        await asyncio.wait_for(reader.readuntil(b"data: "), 10)
        for version in ("one", "two"):
            client.playground.lessons_changed(version)
            await asyncio.wait_for(reader.readuntil(f"data: {version}\n\n".encode()), 10)
        await client.playground.close()
        assert await asyncio.wait_for(reader.read(), 10) == b"\r\n0\r\n\r\n"


async def test_an_answer_that_takes_too_long_is_ended_and_says_so(serve: Serve) -> None:
    tutor = ScriptedTutor(endless=True, pause=0.05)
    client = await serve(tutor, limits=WebLimits(stream_seconds=0.3))
    _, patch = (await client.ask({"path": "/run/gather"})).events[-1]
    assert patch["final"]
    assert "did not come in time" in patch["set"][-1][1]
    assert tutor.closed == 1


async def test_an_answer_that_cannot_be_shown_breaks_off(serve: Serve) -> None:
    tutor = ScriptedTutor(lines=2)
    tutor.text = 7  # type: ignore[assignment] # what no tutor may send
    client = await serve(tutor)
    with capture_logs() as logs:
        answer = await client.raw(client.asking({"path": "/run/gather"}))
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["answer not shown"]
    assert not answer.endswith(b"0\r\n\r\n")
    assert (await client.get("/healthz")).status == 200
