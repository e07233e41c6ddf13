from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Block, Fence, Prose, fit

texts = st.one_of(st.text(max_size=30), st.integers(1, 3_000).map("가".__mul__), st.just("```"))
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Prose, texts, st.sampled_from(["", "## "])),
    st.builds(Fence, st.lists(texts, min_size=1, max_size=30).map(tuple)),
)


@given(st.lists(blocks, max_size=60))
def test_blocks_fit_and_leave_no_fence_open(chosen: list[Block]) -> None:
    shown, _ = fit(chosen, 3_800)
    assert sum(escape.size(text) for text in shown) <= 3_800
    assert all(text.count("```") % 2 == 0 for text in shown)
    assert len(shown) == len(chosen)


@given(blocks, st.integers(1_000, 4_000))
def test_a_block_is_whole_only_where_all_of_it_fits(block: Block, limit: int) -> None:
    whole = block.text()
    assert block.within(limit) == (whole if escape.size(whole) <= limit else None)


def test_the_longest_gives_way_and_the_short_stay_whole() -> None:
    title = Prose("gather", before="## ")
    output = Fence(tuple(f"line {n}" for n in range(2_000)), left_out="… {count} lines …")
    shown, shortened = fit([title, output, Prose("why")], 1_000)
    assert shortened
    assert shown[0] == "## gather"
    assert shown[2] == "why"
    assert shown[1].startswith("```\nline 0\n")
    assert shown[1].endswith("line 1999\n```")
    assert "lines …" in shown[1]
    assert escape.size(shown[1]) > 900


def test_prose_is_cut_between_lines() -> None:
    prose = Prose("\n".join(f"- point {n}" for n in range(100)))
    cut = prose.shortened(200)
    assert cut.endswith("\n…")
    assert all(line.startswith("- point ") for line in cut.split("\n")[:-1])
