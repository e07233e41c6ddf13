from bot.timeline.named_waits import NamedWait, count_of, count_of_asked, most_at_once, waits_of


def wait(start: float, end: float, name: str = "f", asked: float = 0.0) -> NamedWait:
    return NamedWait(frozenset({name}), start, end, asked)


def test_as_many_as_overlap_are_at_once() -> None:
    assert most_at_once([wait(0, 1), wait(0.5, 2), wait(0.9, 3)]) == 3
    assert most_at_once([wait(0, 1), wait(1, 2), wait(2, 3)]) == 1
    assert most_at_once([wait(0, 1), wait(0.999, 2)]) == 1, "one wakes what begins the next"
    assert most_at_once([wait(0, 0.001)] * 5) == 0
    assert most_at_once([]) == 0


def test_a_wait_counts_if_it_really_took_its_time() -> None:
    waits = [wait(0, 0.3), wait(0, 0.28), wait(0, 0.1, asked=0.3), wait(0, 0.2, asked=0.3)]
    assert count_of(waits, 0.3) == 3, "the one that a changed clock cut to a third does not"
    assert count_of_asked(waits, 0.3) == 4, "but it was asked for"
    assert count_of_asked([wait(0, 0.1), wait(0, 0.1, asked=0.2)], 0.3) == 0


def test_waits_belong_to_functions() -> None:
    waits = [wait(0, 1, "f"), wait(0, 1, "g")]
    assert waits_of(waits, ("g", "h")) == waits[1:]
