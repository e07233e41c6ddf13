"""The privacy page and the terms, ours and an operator's own."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.lessons.model import LOCALES, Locale
from bot.platforms.web.documents import NAMES, load_documents
from bot.platforms.web.visitors import LANGUAGE_COOKIE, LEARNER_COOKIE, THEME_COOKIE
from tests.platforms.web.conftest import Serve

ROOT = Path(__file__).parents[3]
OPERATOR = "Jane <b>Doe</b>, jane@example.org"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", NAMES)
async def test_it_is_served_and_linked_from_every_page(
    serve: Serve, name: str, locale: Locale
) -> None:
    client = await serve(operator=OPERATOR)
    welcome = await client.get(f"/?lang={locale}")
    assert f'<a href="/{name}">' in welcome.text
    page = await client.get(f"/{name}?lang={locale}")
    assert page.status == 200
    assert "Jane &lt;b&gt;Doe&lt;/b&gt;" in page.text
    assert "{operator}" not in page.text
    documents = await asyncio.to_thread(load_documents, None, "")
    title = documents[name, locale].title
    assert f"<h2>{title}</h2>" in page.text
    assert f"<title>{title} · " in page.text


async def test_who_reads_it_gets_no_name(serve: Serve) -> None:
    client = await serve()
    page = await client.get("/privacy")
    assert "Set-Cookie" not in page.headers
    assert "has not given a name" in page.text


async def test_an_operators_own_page_stands_for_every_language(
    serve: Serve, tmp_path: Path
) -> None:
    text = (
        "# Our privacy\n\n## Logs\n\n| what | days |\n| --- | --- |\n| logs | 7 |\n\n<script>\n\n"
    )
    text += "[mail](mailto:a@example.org) [terms](/terms) [no](javascript:alert(1))"
    await asyncio.to_thread((tmp_path / "privacy.en.md").write_text, text)
    client = await serve(documents=tmp_path)
    for locale in LOCALES:
        page = await client.get(f"/privacy?lang={locale}")
        assert "<h2>Our privacy</h2>" in page.text
        assert "<h3>Logs</h3>" in page.text
        assert "<td>7</td>" in page.text
        assert "&lt;script&gt;" in page.text
        assert 'href="mailto:a@example.org"' in page.text
        assert '<a href="/terms">terms</a>' in page.text
        assert 'href="javascript' not in page.text
    assert "이용 약관" in (await client.get("/terms?lang=ko")).text, "ours goes on"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (None, "cannot be read"),
        ({}, "holds none of privacy.ko.md"),
        ({"privacy.md": b"# Privacy"}, "holds none of privacy.ko.md"),
        ({"terms.ko.md": b"no title"}, "has no title"),
        ({"terms.ko.md": b"\xff"}, "is not UTF-8"),
        ({"terms.ko.md": b"# x\n" + b"x" * 300_000}, "larger than 256 KiB"),
    ],
)
def test_what_cannot_be_used_is_told(
    tmp_path: Path, files: dict[str, bytes] | None, told: str
) -> None:
    folder = tmp_path if files is not None else tmp_path / "none"
    for name, content in (files or {}).items():
        (folder / name).write_bytes(content)
    with pytest.raises(SettingsError, match=re.escape(told)):
        load_documents(folder, "")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_privacy_page_names_every_cookie(locale: Locale) -> None:
    text = load_documents(None, "")["privacy", locale].text
    named = set(re.findall(r"(?m)^- `(\w+)`:", text))
    assert named == {LEARNER_COOKIE, LANGUAGE_COOKIE, THEME_COOKIE}
    scripts = (ROOT / "bot/platforms/web/static").glob("*.js")
    set_by_scripts = {
        name for it in scripts for name in re.findall(r"`(\w+)=\$\{", it.read_text("utf-8"))
    }
    assert set_by_scripts <= named
