"""How jobs travel to the processes that do them."""

from bot.runner.model import Event, Line
from bot.timeline.drawing.jobs import FindCauses, LayOut, PackedEvents, job_frames, read_job
from tests.timeline.streams import CAPTIONS


def test_a_run_is_packed_once_for_all_jobs_that_are_made_of_it() -> None:
    events: list[Event] = [Line(float(number), "line") for number in range(2_500)]
    run = PackedEvents(events)
    explained = list(job_frames(FindCauses("code", "main", run)))
    laid_out = list(job_frames(LayOut("title", CAPTIONS, None, run)))
    assert all(one is other for one, other in zip(explained[1:], laid_out[1:], strict=True))
    job = read_job(iter(laid_out))
    assert job == LayOut("title", CAPTIONS, None, tuple(events))
