"""A small lesson that is right in every way; tests break it in one place each."""

SAMPLE = """\
# yaml-language-server: $schema=lesson.schema.json
id: sample
order: 10
title: {ko: 표본, en: Sample}
aliases: [표본 수업]
summary: {ko: 표본입니다., en: A sample.}
requires: []
concepts:
  - id: idea
    title:
      ko: 생각
      en: Idea
    summary: {ko: 생각입니다., en: An idea.}
    explanation:
      ko: |
        설명입니다.
      en: |
        An explanation.
    belief: {ko: 믿음, en: A belief.}
    pitfalls:
      - {ko: 함정, en: A pitfall.}
    since: "3.5"
    links:
      - title: {ko: 문서, en: Docs}
        url: https://docs.python.org/3/
    next: [first]
scenarios:
  - id: first
    title: {ko: 첫째, en: First}
    aliases: [하나]
    summary: {ko: 시험입니다., en: A trial.}
    code: |
      import time

      print("<<hello>>")
      time.sleep(1)
      print("number 7")
      print("<<bye>>")
    phrases:
      hello: {ko: 안녕, en: Hello}
      bye: {ko: 잘 가, en: Bye}
    expect:
      outcome: ok
      lines:
        - <<hello>>
        - any_order:
            - matches: number \\d
            - <<bye>>
      complete: true
      before:
        - {first: <<hello>>, then: <<bye>>}
      elapsed:
        about: 1.0
        tolerance: 0.3
      versions:
        - python: "<3.12"
          outcome: error
          error: ValueError
    because: {ko: 까닭입니다., en: Because.}
    counterpart: second
    python: "3.11"
    limits: {wall_seconds: 5, threads: 4}
  - id: second
    title: {ko: 둘째, en: Second}
    summary: {ko: 시험입니다., en: A trial.}
    code: "x = 1"
    expect: {}
    because: {ko: 까닭입니다., en: Because.}
comparisons:
  - scenarios: [first, second]
    why: {ko: 까닭입니다., en: Because.}
"""
