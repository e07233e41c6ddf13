"""What the admins' pages quote must be what the bot says."""

import re
from pathlib import Path

import pytest
import yaml

from bot.observe.prometheus import PrometheusMetrics
from bot.runner.confinement.host_features import host_features
from bot.settings import variables
from tests.docs.pages import ROOT

ADMINS = (ROOT / "docs/admins.md", ROOT / "docs/admins.ko.md")
PRIVACY = (ROOT / "docs/privacy.md", ROOT / "docs/privacy.ko.md")
SCALE = (ROOT / "docs/scale.md", ROOT / "docs/scale.ko.md")
OPERATORS = (*ADMINS, *SCALE, ROOT / "docs/discord.md", ROOT / "SECURITY.md")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
_ROW = re.compile(r"^\| ((?:`[^`|]+`(?:, )?)+)(?:, optional)? \|", re.MULTILINE)
_NAMED_ELSEWHERE = {"tutor health", "/healthz", "/readyz", "/metrics"}
_NAMED_ELSEWHERE |= {"worker-1.nk", "ca.pem", "nats.conf", "server.pem", "server.key"}


@pytest.fixture(scope="module")
def code() -> str:
    """Everything that the code and the alerts say, with texts over several lines joined."""
    files = [*sorted((ROOT / "bot").rglob("*.py")), ROOT / "docs/deploy/alerts.yaml"]
    text = "\n".join(path.read_text("utf-8") for path in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)


@pytest.mark.parametrize("page", [*OPERATORS, *PRIVACY], ids=lambda it: it.name)
def test_its_links_lead_somewhere(page: Path) -> None:
    for target, heading in _LINK.findall(page.read_text("utf-8")):
        led = (page.parent / target) if target else page
        assert led.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", led.read_text("utf-8"), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", OPERATORS, ids=lambda it: it.name)
def test_the_lines_and_errors_that_it_quotes_are_those_of_the_code(page: Path, code: str) -> None:
    quoted = [
        text for row in _ROW.findall(page.read_text("utf-8")) for text in row.split("`")[1::2]
    ]
    assert len(quoted) > 5
    for text in set(quoted) - _NAMED_ELSEWHERE - variables().keys():
        # A figure's name is put together by the collector.
        plain = re.sub(r"_(total)$", "", text)
        assert plain in code, text


@pytest.mark.parametrize("page", ADMINS, ids=lambda it: it.name)
def test_every_figure_is_named(page: Path) -> None:
    text = PrometheusMetrics().exposition().body.decode()
    figures = set(re.findall(r"^# TYPE (tutor_\w+) ", text, re.MULTILINE))
    figures = {name for name in figures if not name.endswith("_created")}
    named = set(re.findall(r"`(tutor_\w+)`", page.read_text("utf-8")))
    assert named == figures


@pytest.mark.parametrize("page", OPERATORS, ids=lambda it: it.name)
def test_every_setting_that_it_names_is_one(page: Path) -> None:
    named = set(re.findall(r"`?(TUTOR_[A-Z_]+)", page.read_text("utf-8")))
    assert named - {"TUTOR_WEB_PROT"} <= set(variables())  # the page's example of a misspelt one


def test_every_optional_layer_of_the_sandbox_is_told_of() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8").lower()
    for layer in host_features():
        assert layer.name in page or layer.name.replace("-", " ").replace(" namespaces", "") in page


@pytest.mark.parametrize("page", ADMINS, ids=lambda it: it.name)
def test_the_line_without_compose_restricts_what_compose_does(page: Path) -> None:
    (line,) = re.findall(
        r"docker run -d (.*?)asyncio-tutor\n", page.read_text("utf-8"), flags=re.DOTALL
    )
    written = line.replace("\\\n", " ").split()
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tutor"]
    given = dict(zip(written, [*written[1:], ""], strict=True))
    assert given["--user"] == service["user"]
    assert given["--memory"] == given["--memory-swap"] == service["mem_limit"]
    assert given["--pids-limit"] == str(service["pids_limit"])
    assert [given["--cap-drop"]] == service["cap_drop"]
    assert [given["--security-opt"]] == service["security_opt"]
    assert given["--stop-timeout"] == service["stop_grace_period"].removesuffix("s")
    assert {"--read-only", "--init"} <= given.keys()


@pytest.mark.parametrize("pages", list(zip(ADMINS, SCALE, strict=True)), ids=lambda it: it[0].name)
def test_the_samples_are_linked(pages: tuple[Path, ...]) -> None:
    text = "".join(page.read_text("utf-8") for page in pages)
    linked = set(re.findall(r"\]\(deploy/([^)]+)\)", text))
    assert linked == {path.name for path in (ROOT / "docs/deploy").iterdir()}


def test_compose_lets_the_doctor_look_first() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert service["tutor"]["depends_on"] == {
        "doctor": {"condition": "service_completed_successfully"}
    }
    assert service["doctor"]["restart"] == "no"
    assert service["doctor"]["command"] == "doctor"
