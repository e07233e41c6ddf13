"""Pages in one piece, as a browser without a script gets them."""

import gzip
import json
import re
from html import unescape

import pytest
from structlog.testing import capture_logs

from bot.lessons.model import LOCALES
from bot.platforms.web.words import WebWords
from bot.tutor.model import Explain, ListLessons
from tests.platforms.web.conftest import Serve
from tests.platforms.web.rawhttp import parsed
from tests.platforms.web.test_markup import tags
from tests.platforms.web.tutoring import HOSTILE, ScriptedTutor


async def test_an_explanation_is_in_the_page_itself(serve: Serve) -> None:
    client = await serve()
    page = await client.get("/explain/coroutine?lang=ko")
    assert page.status == 200
    assert '<html lang="ko"' in page.text
    assert "<strong>function</strong>" in page.text
    assert 'href="https://docs.python.org/3/library/asyncio-task.html"' in page.text
    assert 'href="/run/gather"' in page.text
    assert 'data-ask-now=""' in page.text
    assert re.search('class="t-k">async<', page.text)


async def test_the_course_is_beside_every_page(serve: Serve) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    for path in ("/", "/lessons", "/lessons/await", "/explain/coroutine", "/run/gather"):
        page = await client.get(path)
        assert page.status == 200
        assert '<a data-ask href="/lessons/asynchronous"' in page.text
    assert Explain("coroutine") in [ask.what for ask in tutor.asked]
    assert ListLessons("await") in [ask.what for ask in tutor.asked]


@pytest.mark.parametrize("path", ["/run/gather", "/compare/sync,gather"])
async def test_a_run_is_left_to_the_script_and_says_so_without_one(serve: Serve, path: str) -> None:
    tutor = ScriptedTutor()
    client = await serve(tutor)
    page = await client.get(f"{path}?lang=en")
    assert f'data-ask-now="{path}"' in page.text
    assert "needs JavaScript" in page.text
    unscripted = page.text.partition("<noscript><div")[2].partition("</noscript>")[0]
    assert "It prints hello." in unscripted
    assert [(ask.what == ListLessons(), ask.run_nothing) for ask in tutor.asked] == [
        (False, True),
        (True, False),
    ]


async def test_a_link_shows_what_it_leads_to_in_a_chat(serve: Serve) -> None:
    here = await serve()
    assert "og:image" not in (await here.get("/run/gather")).text
    client = await serve(site="https://tutor.example/", report="https://mistakes.example/new")
    page = (await client.get("/run/gather?lang=en")).text
    assert '<meta property="og:title" content="/run gather">' in page
    image = re.search(r'property="og:image" content="https://tutor.example(/static/[^"]+)"', page)
    assert image is not None
    assert (await client.get(image[1])).body.startswith(b"\x89PNG")
    assert '<a href="https://mistakes.example/new"' in page


async def test_a_chapter_says_what_cannot_run_here(serve: Serve) -> None:
    page = (await (await serve()).get("/lessons")).text
    assert "needs a newer Python" in page
    assert "/run/thread" not in page.partition('<ol class="map">')[2].partition("</main>")[0]
    assert page.count('data-ask data-item href="/run/gather"') == 2  # one in each chapter


async def test_an_unknown_name_is_a_page_with_status_404(serve: Serve) -> None:
    client = await serve()
    page = await client.get("/explain/nonsense?lang=en")
    assert page.status == 404
    assert "No concept <code>nonsense</code>" in page.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/run", 404),
        ("GET", "/compare/alone", 404),
        ("POST", "/run/gather", 405),
        ("DELETE", "/", 405),
        ("GET", "/api/ask", 405),
        ("PROPFIND", "/", 405),
        ("GET", "/static/x/../../server.py", 404),
        ("GET", "/static/x/..%2f..%2fserver.py", 404),
        ("GET", "/static/x/%2e%2e%2f%2e%2e%2fserver.py", 404),
        ("GET", "/static/x/page.js%00.css", 404),
        ("GET", "//etc/passwd", 404),
        ("GET", "/run/" + "x" * 3000, 404),
        ("GET", "/run/..%2f..%2fetc", 200),  # a name like any other: the tutor will not know it
    ],
)
async def test_what_is_not_there_is_refused_in_words(
    serve: Serve, method: str, path: str, status: int
) -> None:
    client = await serve()
    answer = parsed(await client.raw(client.head(method, path, {"Accept-Language": "ko"})))
    assert answer.status == status
    if status >= 400:
        assert "note error" in answer.text
        assert "Traceback" not in answer.text
        assert "Set-Cookie" not in answer.headers
    if status == 405:
        assert answer.headers["Allow"]


async def test_every_response_carries_the_headers(serve: Serve) -> None:
    client = await serve()
    asset = re.search(r'src="(/static/[^"]+)"', (await client.get("/")).text)
    assert asset is not None
    for path in ("/", "/nowhere", asset[1], "/healthz", "/readyz", "/metrics", "/api/suggest"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Python" not in headers["Server"]


async def test_the_page_holds_no_inline_script_and_no_style_but_its_sheet(serve: Serve) -> None:
    client = await serve(ScriptedTutor(text=HOSTILE))
    for path in ("/", "/explain/coroutine", "/predict/gather"):
        page = await client.get(path)
        (nonce,) = re.findall(
            r"style-src 'nonce-([\w-]{22})';", page.headers["Content-Security-Policy"]
        )
        found = tags(page.text)
        assert [it for tag, it in found if tag == "style"] == [{"nonce": nonce}]
        for tag, attributes in found:
            assert tag not in {"iframe", "object", "base"}
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]
            if tag == "script":
                assert (attributes["src"] or "").startswith("/static/")
            if tag == "img":
                pytest.fail("an image out of text")


async def test_nothing_is_waited_for_before_the_first_paint(serve: Serve) -> None:
    client = await serve()
    for tag, attributes in tags((await client.get("/")).text):
        assert (tag, attributes.get("rel")) != ("link", "stylesheet")
        assert tag != "script" or attributes.get("type") == "module"


async def test_pages_are_sent_compressed_to_those_who_can_read_it(serve: Serve) -> None:
    client = await serve()
    plain = await client.get("/explain/coroutine")
    packed = await client.get("/explain/coroutine", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.body) < len(plain.body) / 2
    without = [
        re.sub(r'nonce="[^"]+"', "", it.decode())
        for it in (plain.body, gzip.decompress(packed.body))
    ]
    assert without[0] == without[1]


async def test_assets_are_kept_for_ever_under_their_version_only(serve: Serve) -> None:
    client = await serve()
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', (await client.get("/")).text)
    assert {path.split("/")[-1] for path in found} == {"icon.svg", "page.js"}
    for path in found:
        asset = await client.get(path)
        assert asset.status == 200
        assert "immutable" in asset.headers["Cache-Control"]
    other = await client.get("/static/old/page.js")
    assert other.headers["Cache-Control"] == "no-cache"


async def test_a_form_without_a_script_leads_to_the_answer(serve: Serve) -> None:
    client = await serve()
    answer = await client.get("/go?text=%2Fexplain+coroutine")
    assert (answer.status, answer.headers["Location"]) == (303, "/explain/coroutine")
    answer = await client.get("/go?text=https%3A%2F%2Fevil.example")
    assert answer.headers["Location"].startswith("/explain/https:%2F%2F")
    assert (await client.get("/go?text=")).headers["Location"] == "/help"


async def test_cookies_are_set_once_and_out_of_reach_of_scripts(serve: Serve) -> None:
    client = await serve()
    first = await client.get("/")
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith("learner=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    again = await client.get("/", {"Cookie": cookie.partition(";")[0]})
    assert "Set-Cookie" not in again.headers


async def test_the_theme_comes_with_the_page(serve: Serve) -> None:
    client = await serve()
    assert 'data-theme="dark"' in (await client.get("/", {"Cookie": "theme=dark"})).text
    assert 'data-theme=""' in (await client.get("/", {"Cookie": 'theme="><script>'})).text


async def test_suggestions_while_typing(serve: Serve) -> None:
    client = await serve()

    async def suggested(text: str) -> list[str]:
        answer = await client.get(f"/api/suggest?lang=ko&text={text}")
        return [found["text"] for found in json.loads(answer.body)]

    assert "/실행" in await suggested("")
    assert "/끝" not in await suggested("")  # there is nothing to leave in a page
    assert await suggested("/r") == ["/run"]
    assert await suggested("/ex") == ["/explain", "/exercise"]
    assert await suggested("/run%20ga") == ["/run gather"]
    assert await suggested("/run") == ["/run", "/run gather", "/run sync", "/run thread"]
    assert (await suggested("gat"))[0] == "/실행 gather"
    assert "/설명 coroutine" in await suggested("cor")
    assert await suggested("/run%20") == ["/run gather", "/run sync", "/run thread"]
    assert await suggested("/compare%20sync%20g") == ["/compare sync gather"]
    assert await suggested("%2F%EC%8B%A4%ED%96%89%20g") == ["/실행 gather"]
    assert await suggested("/compare%20sync,g") == ["/compare sync,gather"]
    assert await suggested("/lang%20") == ["/lang ko", "/lang en"]
    assert await suggested("/help%20x") == []
    assert await suggested("%00%ff<script>" + "x" * 900) == []


async def test_a_tutor_that_fails_gives_a_page_that_says_so(serve: Serve) -> None:
    client = await serve(ScriptedTutor(broken=True))
    with capture_logs() as logs:
        page = await client.get("/explain/coroutine?lang=en")
    assert [(line["event"], line["route"]) for line in logs] == [
        ("page failed", "/{command}/{names}")
    ]
    assert page.status == 500
    assert "went wrong on the server" in unescape(page.text)
    assert "RuntimeError" not in page.text
    assert (await client.get("/healthz")).status == 200


async def test_every_sentence_of_the_page_is_there_in_both_languages() -> None:
    korean, english = (WebWords(locale).sentences() for locale in LOCALES)
    assert len(korean) > 50
    assert korean.keys() == english.keys()
    for name, text in korean.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[name]))
        assert re.search("[가-힣]", text) or text == english[name]
        assert not re.search("[가-힣]", english[name])
