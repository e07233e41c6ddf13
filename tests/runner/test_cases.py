"""Each program that was once shown wrongly, and attack that was not stopped, has its own test."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
EXHAUSTION, INTRUSION = "attacks/exhaustion.py", "attacks/intrusion.py"
AS_PLAIN, TASKS, THREADS = (
    "runner/guest/test_run.py",
    "runner/test_recorder_tasks.py",
    "runner/test_recorder_threads.py",
)
CASES = {
    "b01_shm_beyond_the_cap": (EXHAUSTION, '"pages_without_addresses"'),
    "b02_cpu_between_ticks": (
        "attacks/test_limits_together.py",
        "def test_a_run_uses_little_more_than_its_processor_time(",
    ),
    "b03_notification_flood": (EXHAUSTION, '"questions_that_make_no_thread"'),
    "b04_uncounted_frames": (INTRUSION, 'f"endless_{name}"'),
    "b05_newline_flood": (EXHAUSTION, '"flood_of_newlines"'),
    "b06_futex_between_runs": (INTRUSION, '"others_sleep"'),
    "b08_processes_seen": (INTRUSION, '"others_descriptors_and_clocks"'),
    "b10_forged_end": (
        "attacks/test_limits_together.py",
        "def test_a_forged_end_does_not_stop_the_hosts_clock(",
    ),
    "b11_events_that_hold_the_loop": (EXHAUSTION, '"spinning_tasks"'),
    "b13_c1_in_json": ("test_cli.py", 'HOSTILE = "\\x9b6n \\x9d0;title\\x9c'),
    "f01_dots_of_two_tasks": (AS_PLAIN, '"unfinished lines of several tasks"'),
    "f03_half_line_of_another_task": (AS_PLAIN, '"a line that another task finishes"'),
    "f05_verdict_overlap_then_work": (
        "timeline/test_measure.py",
        "def test_work_after_overlapping_naps_is_no_waiting(",
    ),
    "f07_verdict_only_timers": (
        "timeline/test_measure.py",
        "def test_a_loop_without_tasks_waits_for_its_timers(",
    ),
    "f08_killed_thread_lock_in_loop": (
        "timeline/test_layout.py",
        "def test_who_was_due_while_the_loop_was_held_starved_until_the_kill(",
    ),
    "f10_print_exc": (AS_PLAIN, '"errors out of what is recorded"'),
    "f12_debug_never_awaited": (AS_PLAIN, '"a coroutine never awaited in debug mode"'),
    "f14_warn_stacklevel": (AS_PLAIN, '"warnings and log records that name distant callers"'),
    "f16_quit": (AS_PLAIN, '"the builtins that site adds"'),
    "f18_await_outside": (AS_PLAIN, '"await outside a function"'),
    "f20_bom": (AS_PLAIN, '"a byte order mark and other newlines"'),
    "f21_recursion_through_c_in_thread": (AS_PLAIN, '"deep recursion through C in a thread"'),
    "f22_sleep_nan": (TASKS, "def test_no_delay_makes_the_recorder_raise("),
    "f24_copy_a_lock": (THREADS, "def test_locks_and_low_threads_are_as_in_plain_python("),
    "f26_awaitable_object": (TASKS, "def test_an_awaitable_object_is_called_after_its_class("),
    "f27_task_made_directly": (TASKS, "def test_a_task_has_a_lane_however_it_is_made("),
    "f28_server_on_loopback": (AS_PLAIN, "def test_what_the_sandbox_refuses_is_reported_with"),
    "f30_write_a_file": (AS_PLAIN, "def test_what_the_sandbox_refuses_is_reported_with"),
    "f32_sqlite": ("runner/host/test_local.py", "def test_sqlite_and_the_compressors_work_in"),
    "f34_destroyed_pending": (AS_PLAIN, "def test_things_are_freed_when_plain_python_frees_them("),
    "f36_unraisable_chain": (AS_PLAIN, '"a worker that is never stopped"'),
    "f37_many_tasks_blocked_by_recorder": (
        TASKS,
        "def test_a_step_that_gets_no_processor_blocks_nothing(",
    ),
    "f39_low_level_thread": (THREADS, "def test_a_low_level_thread_has_a_lane("),
    "f40_long_exception_on_a_short_bar": (
        "timeline/drawing/test_composition.py",
        "def test_an_exception_stands_behind_its_sign_or_below_it(",
    ),
    "f41_two_threads_unfinished_lines": (
        AS_PLAIN,
        "def test_unfinished_lines_of_several_threads_are_neither_lost_nor_doubled(",
    ),
    "f42_loop_with_simulated_time": (
        TASKS,
        "def test_a_loop_with_a_clock_of_its_own_is_recorded_by_the_real_one(",
    ),
}
"""By the case's name: the file of its test, and what the test or the program in it begins with."""


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_a_test(case: str) -> None:
    file, begins = CASES[case]
    assert (TESTS / file).read_text().count(begins) == 1
