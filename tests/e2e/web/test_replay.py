"""A finished run is stepped through: the page says at each moment what the record says."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.web.conftest import Site, Visit
from tests.e2e.web.test_journey import DESKTOP, PHONE, accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
VIEWS = [
    pytest.param({**DESKTOP, "reduced_motion": "reduce"}, id="desktop-calm"),
    pytest.param({**PHONE, "color_scheme": "dark"}, id="phone-dark"),
    pytest.param({**PROJECTOR, "forced_colors": "active"}, id="projector-forced-colours"),
]
RUNNING, BLOCKED = 0, 3
AXES = """async (ends) => {
  const scripts = document.querySelector("script[src]").src.replace(/[^/]*$/, "");
  const { TimelineView } = await import(`${scripts}timeline_view.js`);
  const figure = document.querySelector("main").appendChild(document.createElement("figure"));
  const timeline = new TimelineView(figure, { timeline: "" });
  return ends.map((end) => {
    const run = { title: "", lanes: [], end: end * 1e6, running: true, hidden: 0, warnings: [] };
    timeline.show([run], { likely: 3e6, growing: true });
    return timeline.whole / 1e6;
  });
}"""
MARKS = """async (lanes) => {
  const scripts = document.querySelector("script[src]").src.replace(/[^/]*$/, "");
  const { Marks } = await import(`${scripts}marks.js`);
  const answer = document.createElement("div");
  const code = answer.appendChild(document.createElement("div"));
  code.className = "code source";
  const row = code.appendChild(document.createElement("span"));
  row.className = "row";
  const span = { kind: 1, start: 0, end: 9, line: 1 };
  const waiting = [...Array(lanes).keys()].map((id) => (
    { id, hue: 1, spans: [span], prints: [], end: 9, how: "" }
  ));
  const marks = new Marks();
  marks.find(answer);
  marks.show([{ lanes: waiting, prints: [] }], 5);
  return [row.querySelectorAll(".marks i").length, row.dataset.more ?? ""];
}"""
KNOB_AND_NOW = """() => {
  const range = document.querySelector(".scrubber");
  const box = range.getBoundingClientRect();
  const line = document.querySelector(".now-line").getBoundingClientRect();
  const knob = 16;
  const along = Number(range.value) / Number(range.max);
  return [box.x + knob / 2 + (box.width - knob) * along, line.x + line.width / 2];
}"""


@dataclass
class Record:
    """What the server told of one run."""

    run: dict[str, Any]

    def lines_at(self, at: int) -> dict[int, set[int]]:
        """Return which lanes stand at which line of the code at a moment."""
        found: dict[int, set[int]] = {}
        for lane in self.run["lanes"]:
            line = self._line(lane, at)
            if line > 0:
                found.setdefault(line, set()).add(lane["id"])
        return found

    def printed_by(self, at: int) -> int:
        return sum(moment <= at for lane in self.run["lanes"] for moment in lane["prints"][::4])

    def _line(self, lane: dict[str, Any], at: int) -> int:
        if at >= lane["end"] and (lane["how"] or at > lane["end"]):
            return -1
        begun = [it for it in _cut(lane["spans"], 8) if it[1] <= at]
        if not begun:
            return -1
        kind, start, line = begun[-1][0], begun[-1][1], begun[-1][3]
        printed = [it for it in _cut(lane["prints"], 4) if start <= it[0] <= at and it[2] > 0]
        return int(printed[-1][2] if printed and kind in {RUNNING, BLOCKED} else line)


def _cut(numbers: list[int], size: int) -> list[list[int]]:
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]


async def run(visit: Visit, url: str) -> list[Record]:
    """Open a page that runs something; return what the server told of the finished runs."""
    await visit.page.goto(url)
    await expect(visit.page.locator(".replay")).to_be_visible(timeout=30_000)
    await visit.settled()
    kept = await visit.page.evaluate("Object.values({...sessionStorage}).at(-1)")
    (runs,) = json.loads(kept)[-1]["records"].values()
    return [Record(it) for it in runs]


async def marked(page: Page) -> dict[int, set[int]]:
    rows: list[list[str]] = await page.eval_on_selector_all(
        ".row[data-lanes]", "rows => rows.map(row => [row.dataset.n, row.dataset.lanes])"
    )
    return {int(line): set(map(int, lanes.split())) for line, lanes in rows}


@pytest.mark.parametrize("visit", VIEWS, indirect=True)
async def test_each_event_marks_the_lines_that_the_record_tells(site: Site, visit: Visit) -> None:
    page = visit.page
    (record,) = await run(visit, f"{site.url}/run/gather?lang=en")
    assert await marked(page) == {}
    scrubber = page.locator(".scrubber")
    await scrubber.focus()
    await page.keyboard.press("Home")
    said: list[str] = []
    for _ in range(60):
        at = int(await scrubber.input_value())
        assert await marked(page) == record.lines_at(at)
        lit = await page.locator(".sequence li:not(.to-come)").count()
        assert lit == record.printed_by(at)
        said.append(await page.locator(".moment").inner_text())
        if at == record.run["end"]:
            break
        await page.keyboard.press("ArrowRight")
    assert said[0] == "The program begins."
    assert said[-1].startswith("The run is over after 3.")
    # On a busy machine the timer is late, and the sentence says so.
    woken = [it for it in said if it.startswith("async_task_2 ") and "its timer" in it]
    assert len(woken) == 1
    assert any(it.startswith("async_task_1 prints line 6: async_task_1 resumed") for it in said)
    assert await scrubber.get_attribute("aria-valuetext")
    await page.keyboard.press("Home")
    for _ in range(8):
        await page.keyboard.press("ArrowRight")
    assert await marked(page)
    await accessible(page)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_what_is_pointed_at_is_pointed_at_everywhere(site: Site, visit: Visit) -> None:
    page = visit.page
    (record,) = await run(visit, f"{site.url}/run/gather?lang=en")
    await page.locator('.sequence li[data-number="5"]').hover()
    line = await page.locator('.sequence li[data-number="5"]').get_attribute("data-line")
    await expect(page.locator(".row.hot")).to_have_attribute("data-n", line or "")
    await page.locator(f'.row[data-n="{line}"]').hover()
    await expect(page.locator(".sequence li.hot")).to_have_count(1)
    await page.locator('.sequence li[data-number="5"]').click()
    await expect(page.locator(".moment")).to_contain_text("async_task_2 prints line 5")
    name = page.locator(".lane-name", has_text="async_task_1")
    await name.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".span-told")).to_contain_text(
        "async_task_1: waiting (sleep(3)) for 3."
    )
    await expect(page.locator(".span-told")).to_contain_text("ended by its timer")
    box = await page.locator(".timeline-inner").bounding_box()
    row = await page.locator(".lane-row", has_text="async_task_2").bounding_box()
    assert box is not None
    assert row is not None
    await page.mouse.click(box["x"] + box["width"] / 2, row["y"] + row["height"] / 2)
    await expect(page.locator(".span-told")).to_contain_text("async_task_2: waiting (sleep(2))")
    await page.get_by_role("button", name="Inside the loop").click()
    timers = page.locator(".loop-state section", has_text="Timers")
    await expect(timers).to_contain_text("async_task_1")
    await expect(timers).to_contain_text("async_task_2")
    await page.get_by_role("button", name="Who woke whom").click()
    await page.get_by_role("button", name="Zoom in").click()
    await page.locator(".code.source pre").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(".row.hot")).to_have_attribute("data-n", "1")
    await accessible(page)
    assert len(record.run["lanes"]) == 3


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_playing_ends_by_itself(site: Site, visit: Visit) -> None:
    page = visit.page
    await run(visit, f"{site.url}/run/gather?lang=ko")
    await page.locator(".speed").select_option("0.1")  # slow enough to be seen while it plays
    await page.get_by_role("button", name="재생").click()
    await expect(page.get_by_role("button", name="일시 정지")).to_be_visible()
    await page.locator(".speed").select_option("4")
    await expect(page.get_by_role("button", name="재생")).to_be_visible()
    await expect(page.locator(".moment")).to_contain_text("만에 끝났습니다")


@pytest.mark.parametrize("visit", [{**DESKTOP, "color_scheme": "dark"}], indirect=True)
async def test_one_scrubber_moves_all_that_are_compared(site: Site, visit: Visit) -> None:
    page = visit.page
    records = await run(visit, f"{site.url}/compare/create_task,gather?lang=en")
    assert len(records) == 2
    await page.locator(".fold summary").first.click()
    await page.locator(".scrubber").fill("1000000")
    rows = page.locator(".fold").first.locator(".row[data-lanes]")
    assert await rows.count() == len(records[0].lines_at(1_000_000))
    first = page.locator(".fold").first.locator(".sequence li:not(.to-come)")
    assert await first.count() == records[0].printed_by(1_000_000) == 4
    await accessible(page)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_prediction_can_be_replayed(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/predict/gather?lang=en")
    await page.locator("form.quiz .pick", has_text="3 s").click()
    await page.locator("form.quiz button.primary").click()
    await expect(page.locator(".turn:last-child .answer")).not_to_contain_text("in their place")
    await expect(page.locator(".replay")).to_be_visible(timeout=30_000)
    await page.locator(".scrubber").fill("1000000")
    await expect(page.locator(".row[data-lanes]")).to_have_count(3)


@pytest.mark.parametrize("visit", [PROJECTOR], indirect=True)
async def test_a_projector_shows_code_lines_and_picture_alone(site: Site, visit: Visit) -> None:
    page = visit.page
    await run(visit, f"{site.url}/run/gather?lang=en")
    await page.locator("button.present").click()
    await expect(page.locator(".composer")).to_be_hidden()
    size = await page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 22
    code = await page.locator(".answer-code").bounding_box()
    lines = await page.locator(".answer-run").bounding_box()
    assert code is not None
    assert lines is not None
    assert code["x"] + code["width"] <= lines["x"]
    assert lines["x"] + lines["width"] > 1800
    assert await page.locator(".source pre").evaluate("it => it.scrollWidth <= it.clientWidth")
    await page.locator(".scrubber").fill("1500000")
    knob, now = await page.evaluate(KNOB_AND_NOW)
    assert knob == pytest.approx(now, abs=2)
    await accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.locator(".composer")).to_be_visible()


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_back_and_reload_keep_what_was_there(site: Site, visit: Visit) -> None:
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url) if "/api/ask" in it.url else None)
    await page.goto(f"{site.url}/?lang=en")
    await visit.type("/run gather")
    await visit.type("/explain coroutine")  # while the run is under way
    await expect(page.locator(".replay")).to_be_visible(timeout=30_000)
    await visit.settled()
    assert await page.title() == "/explain coroutine · asyncio tutor"
    await page.go_back()
    assert await page.title() == "/run gather · asyncio tutor"
    assert page.url.endswith("/run/gather?lang=en")
    await page.reload()
    await expect(page.locator(".turn")).to_have_count(3)
    await expect(page.locator(".sequence li")).to_have_count(6)
    await page.locator(".scrubber").fill("1000000")
    await expect(page.locator(".row[data-lanes]")).to_have_count(3)
    assert len(asked) == 2
    await page.goto(f"{site.url}/explain/task?lang=en")
    await page.go_back()
    await expect(page.locator(".sequence li")).to_have_count(6)
    assert len(asked) == 2
    await page.focus("body")
    await page.keyboard.press("/")
    await expect(page.locator("#ask")).to_be_focused()


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_second_run_waits_for_the_first(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/run/create_task?lang=en")
    await expect(page.locator(".sequence li").first).to_be_visible()
    await visit.type("/run gather")
    await expect(page.locator(".turn:last-child")).to_contain_text("as soon as the run before it")
    await expect(page.locator(".turn:last-child .replay")).to_be_visible(timeout=30_000)
    await expect(page.locator(".replay")).to_have_count(2)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_growing_picture_is_not_scaled_again_before_its_time_is_over(
    site: Site, visit: Visit
) -> None:
    await visit.page.goto(f"{site.url}/?lang=en")
    axes = await visit.page.evaluate(AXES, [0.01, 0.9, 2.05, 3.0, 3.5])
    assert axes == pytest.approx([3.06, 3.06, 3.06, 3.06, 5.0])


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_lanes_without_a_mark_are_counted(site: Site, visit: Visit) -> None:
    await visit.page.goto(f"{site.url}/?lang=en")
    assert await visit.page.evaluate(MARKS, 4) == [4, ""]
    assert await visit.page.evaluate(MARKS, 99) == [4, "+95"]
