"""The text of a new lesson: commented, in both languages, and right as it stands."""

import json
import re

from bot.errors import LessonError
from bot.lessons.authoring.schema import FIRST_LINE
from bot.lessons.exercise import LONGEST_EXERCISE_ID
from bot.lessons.files.errors import quoted
from bot.lessons.text import NAME_PATTERN

_TEXT = """\
@first_line@
# A lesson is one chapter of the course. Check it with:  tutor lessons check FILE
# See it as a learner does:  tutor lessons preview FILE

# What it is called in commands; best the file's name, too.
id: @id@
# Where it stands in the course: lessons come in rising order.
order: @order@
# Every text is given in Korean and in English.
title:
  ko: @title_ko@
  en: @title_en@
summary:
  ko: 이 강의에서 무엇을 배우는지 한 문장으로 씁니다.
  en: One sentence on what is learned here.
# Ids of the lessons to take first.
requires: []

# What /explain explains. The id must be nobody else's.
concepts:
  - id: @id@_idea
    title:
      ko: @title_ko@
      en: @title_en@
    # Other names that learners may type, in any language:
    # aliases: [다른 이름, another name]
    summary:
      ko: 개념을 한 문장으로 설명합니다.
      en: The concept in one sentence.
    # Markdown: paragraphs, lists, `code`, fenced code.
    explanation:
      ko: |
        두 코루틴을 함께 기다리면, 전체 시간은 **합**이 아니라 **가장 긴 쪽**에 가깝습니다.
      en: |
        When two coroutines wait together, the whole takes about as long as the **longest** of
        them, not as long as their **sum**.
    # What many believe wrongly, and what is true instead.
    belief:
      ko: >-
        "await가 둘이면 시간도 두 배"라고 생각하기 쉽습니다. 함께 기다리면 그렇지 않습니다.
      en: >-
        "Two awaits take twice the time." Not if they wait together.
    # The Python that brought it, in quotes:
    since: "3.7"
    links:
      - title:
          ko: 코루틴과 태스크
          en: Coroutines and tasks
        url: https://docs.python.org/3/library/asyncio-task.html
        # Where the page is translated:
        translated: {ko: https://docs.python.org/ko/3/library/asyncio-task.html}
    # Ids of scenarios or concepts to try next.
    next: [@id@]

# What /run runs.
scenarios:
  - id: @id@
    title:
      ko: @title_ko@
      en: @title_en@
    # Read before the run.
    summary:
      ko: 두 코루틴을 gather()로 함께 기다립니다.
      en: Waits for two coroutines together, with gather().
    # Written once. Inside a string, <<key>> stands for the phrase of that key.
    code: |
      import asyncio


      async def work(name, seconds):
          print(name, "<<starts>>")
          await asyncio.sleep(seconds)
          print(name, "<<ends>>")


      async def main():
          await asyncio.gather(
              work("A", 0.4),
              work("B", 0.2),
          )


      asyncio.run(main())
    phrases:
      starts: {ko: 시작, en: started}
      ends: {ko: 종료, en: finished}
    # What every run must do. `tutor lessons record FILE` proposes it from real runs.
    expect:
      # The printed lines, in order. Where the order may vary:
      #   - any_order: [one, another]
      lines:
        - A <<starts>>
        - B <<starts>>
        - B <<ends>>
        - A <<ends>>
      # Seconds.
      elapsed: {about: 0.4}
    # Read after the run: why it takes this long, and prints in this order.
    because:
      ko: 두 대기가 겹치므로 더 긴 0.4초에 끝납니다.
      en: The two waits overlap, so it ends with the longer one, after 0.4 seconds.
    # What is easily predicted wrongly, and why.
    mistake:
      ko: 0.4초와 0.2초를 더해 0.6초로 예측하기 쉽지만, 두 대기는 동시에 진행됩니다.
      en: It is easy to predict 0.6 seconds, the sum; but the two waits go on at the same time.
    # What /predict asks above the code. It must tell neither the time nor the outcome.
    question:
      ko: 두 코루틴을 함께 기다리면 얼마나 걸리고, 어떤 순서로 출력될까요?
      en: Two coroutines are awaited together. How long does that take, and who is first?
    # Wrong times to choose from, each with an answer of its own. The right one is added.
    # choices:
    #   - seconds: 0.6
    #     believes:
    #       ko: 하나씩 차례로 실행된다면 0.6초입니다. gather()는 둘을 함께 실행합니다.
    #       en: That would be one after the other. gather() runs both at once.
    #   - seconds: 0.2
    #     believes:
    #       ko: 먼저 끝난 쪽에서 돌아온다면 0.2초입니다. gather()는 모두 끝나기를 기다립니다.
    #       en: That would be until the first has ended. gather() waits for all.
    # Lines that are never printed, offered among those that are. <<key>> works as in the code.
    # decoys:
    #   - C <<starts>>
    # Where it is a question how the run ends: wrong endings.
    # endings:
    #   - {outcome: error, error: TimeoutError, believes: {ko: …, en: …}}
    # The id of the scenario worth comparing this one with:
    # counterpart: await

# What learners do themselves, graded by its real run. Kinds: fix, build, tune, predict-why.
exercises:
  - id: @id@
    kind: fix
    title:
      ko: @title_ko@
      en: @title_en@
    # What is to be done, and what must stay. Name every goal.
    task:
      ko: |
        두 대기가 차례로 지나갑니다. `work()`는 그대로 두고, 함께 약 0.4초에 끝나게 고치세요.
      en: |
        The two waits follow one another. Repair it: they go on together, in about 0.4 seconds.
        `work()` stays as it is.
    # What one begins with; it must not pass.
    starter: |
      import asyncio


      async def work(name, seconds):
          await asyncio.sleep(seconds)
          print(name, "<<ends>>")


      async def main():
          await work("A", 0.4)
          await work("B", 0.4)


      asyncio.run(main())
    phrases:
      ends: {ko: 종료, en: finished}
    # What the run must do, never how the code is written: any right solution passes.
    goal:
      elapsed: {about: 0.4, tolerance: 0.15}
      order:
        - any_order: [A <<ends>>, B <<ends>>]
      # So many waits of these functions at the same time.
      overlap:
        - {of: [work], together: 2}
      # The work that must still be done.
      stays:
        - {of: work, seconds: 0.4, times: 2}
    # A solution; it must pass on every Python.
    exemplar: |
      import asyncio


      async def work(name, seconds):
          await asyncio.sleep(seconds)
          print(name, "<<ends>>")


      async def main():
          await asyncio.gather(
              work("A", 0.4),
              work("B", 0.4),
          )


      asyncio.run(main())
    # Given one at a time; after the last comes the exemplar.
    hints:
      - ko: await work("A", 0.4)이 끝나기 전에는 B가 시작되지 않습니다.
        en: B does not begin before await work("A", 0.4) has ended.
      - ko: 둘을 먼저 시작하고, 그다음에 기다리세요.
        en: Start both first, and wait then.
    because:
      ko: gather()는 둘을 모두 시작한 다음 기다립니다. 두 대기가 겹칩니다.
      en: gather() starts both and then waits, so the two waits overlap.
"""


def check_id(id_: str) -> None:
    """See whether a new lesson may have this id.

    :raises LessonError: if the id cannot be one
    """
    if not re.fullmatch(NAME_PATTERN, id_) or len(id_) > _LONGEST_ID:
        raise LessonError(
            f"{quoted(id_)} cannot be a lesson's id. Use lower-case letters, digits and "
            f"underscores, at most {_LONGEST_ID}, starting with a letter."
        )


def lesson_text(id_: str, *, order: int, title_ko: str = "", title_en: str = "") -> str:
    """Return the YAML of a new lesson, with one of everything, all of which passes every check.

    :raises LessonError: if the id cannot be one
    """
    check_id(id_)
    default = id_.replace("_", " ").capitalize()
    values = {
        "first_line": FIRST_LINE,
        "id": id_,
        "order": str(order),
        "title_ko": _quoted(title_ko or default),
        "title_en": _quoted(title_en or default),
    }
    return re.sub(r"@(\w+)@", lambda found: values[found[1]], _TEXT)


_LONGEST_ID = LONGEST_EXERCISE_ID
"""The example's exercise has the lesson's id; its concept, "<id>_idea"."""


def _quoted(text: str) -> str:
    """Return a text as a quoted YAML scalar; JSON's strings are that."""
    return json.dumps(text, ensure_ascii=False)
