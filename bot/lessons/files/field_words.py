"""The words of the authors' reference. What a field means is said in English by its model."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "columns": ("field|value|needed|meaning", "필드|값|필수 여부|뜻"),
        "required": ("required", "필수"),
        "optional": ("optional", "선택"),
        "like": (
            "And all fields of {}, but `versions`.",
            "그 밖에 {}의 필드를 `versions`만 빼고 모두 쓸 수 있습니다.",
        ),
        "or": (" or ", " 또는 "),
        "text": ("text", "텍스트"),
        "id": ("id", "id"),
        "url": ("`https://` address", "`https://` 주소"),
        "release": ('release as in `"3.12"`', '`"3.12"` 같은 버전'),
        "releases": ('releases as in `">=3.12"`', '`">=3.12"` 같은 버전 조건'),
        "class": ("name of a class", "클래스 이름"),
        "boolean": ("`true` or `false`", "`true` 또는 `false`"),
        "integer": ("whole number", "정수"),
        "number": ("number", "수"),
        "list": ("list of {}", "{}의 목록"),
        "mapping": ("for each key: {}", "키마다 {}"),
        "by_language": ("{} for each language", "언어별 {}"),
        "characters": ("at most {} characters", "{}자 이하"),
        "items_to": ("{} to {} items", "{}~{}개"),
        "most_items": ("at most {} items", "{}개 이하"),
        "least_items": ("at least {} items", "{}개 이상"),
        "at_least": ("at least {}", "{} 이상"),
        "from_to": ("{} to {}", "{} 이상 {} 이하"),
        "above_to": ("above {}, at most {}", "{} 초과 {} 이하"),
    }
)
"""What the tables themselves say, in English and in Korean."""

MEANINGS_KO: Mapping[str, str] = MappingProxyType(
    {
        "Lesson": "YAML 파일 하나, 곧 강좌의 한 장입니다.",
        "Lesson.id": "모든 강의에서 유일해야 합니다. 파일 이름과 같게 하는 것이 좋습니다.",
        "Lesson.order": "강좌에서 이 강의가 놓이는 자리입니다. 작은 수가 먼저 옵니다.",
        "Lesson.title": "제목으로 표시됩니다.",
        "Lesson.aliases": "학습자가 입력할 수 있는 다른 이름입니다. 어느 언어로든 쓸 수 있습니다.",
        "Lesson.summary": "이 강의에서 무엇을 배우는지 한 문장으로 씁니다.",
        "Lesson.requires": "먼저 들어야 할 강의들의 id입니다.",
        "Lesson.concepts": "설명할 개념들입니다. 강좌에 나오는 순서로 씁니다.",
        "Lesson.scenarios": "실행할 시나리오들입니다. 강좌에 나오는 순서로 씁니다.",
        "Lesson.comparisons": "나란히 실행해 볼 만한 시나리오 묶음입니다.",
        "Lesson.exercises": "학습자가 직접 풀어 보는 연습입니다. 강좌에 나오는 순서로 씁니다.",
        "Exercise": "학습자가 직접 풀고, 실제 실행으로 채점하는 연습입니다.",
        "Exercise.id": (
            "`/exercise`에 넘기는 이름이며 25자 이하입니다. 모든 연습에서 유일해야 하고 `list`, "
            "`show`, `check`는 쓸 수 없습니다."
        ),
        "Exercise.kind": "`fix`, `build`, `tune`, `predict-why` 중 하나입니다.",
        "Exercise.title": "제목으로 표시됩니다.",
        "Exercise.aliases": (
            "학습자가 입력할 수 있는 다른 이름입니다. 어느 언어로든 쓸 수 있습니다."
        ),
        "Exercise.task": "무엇을 해야 하고 무엇이 그대로여야 하는지 씁니다. 목표를 모두 말합니다.",
        "Exercise.starter": (
            "처음에 주는 코드입니다. 시나리오처럼 `<<key>>`를 쓸 수 있습니다. `build`에서는 블록 "
            "위에 오는 코드이고, `predict-why`에는 없습니다."
        ),
        "Exercise.code": "`predict-why`에서, 까닭을 설명할 코드입니다.",
        "Exercise.phrases": "출력할 문구입니다. 시나리오에서와 같습니다.",
        "Exercise.goal": (
            "실행이 이루어야 하는 것입니다. `predict-why`에서는 선택지의 `claim`이 대신합니다."
        ),
        "Exercise.exemplar": (
            "모범 답안입니다. `fix`는 코드, `tune`은 수, `predict-why`는 선택지의 id입니다. "
            "`build`에서는 `decoy`가 없는 블록을 적힌 순서로 놓은 것입니다."
        ),
        "Exercise.because": "모범 답안이 왜 목표를 이루는지 설명합니다.",
        "Exercise.hints": (
            "한 번에 하나씩 주는 힌트입니다. 뒤로 갈수록 더 알려 줍니다. 마지막 다음에 모범 답안이 "
            "나옵니다."
        ),
        "Exercise.blocks": (
            "`build`에서, 모범 답안의 순서로 적은 블록 5~8개입니다. 적어도 하나는 `decoy`입니다."
        ),
        "Exercise.choices": ("`predict-why`에서, 고를 까닭 3~5개입니다. 그중 하나만 맞습니다."),
        "Exercise.number": "`tune`에서, 바꿀 수입니다.",
        "Exercise.forbid": "꼭 필요할 때만, 코드가 쓰면 안 되는 것을 적습니다.",
        "Goal": "실행이 해야 하는 것입니다. 적은 것을 모두 이루어야 합니다.",
        "Goal.outcome": "어떻게 끝나는지입니다.",
        "Goal.error": "`outcome: error`일 때, 끝내는 예외의 클래스 이름입니다.",
        "Goal.elapsed": "걸리는 시간입니다.",
        "Goal.order": "이 순서로 출력되는 줄입니다. 사이에 다른 줄이 있어도 됩니다.",
        "Goal.before": "자리와 관계없이 어느 줄이 어느 줄보다 먼저 나와야 하는지 짝으로 씁니다.",
        "Goal.moments": "어떤 줄이 언제 출력되는지입니다.",
        "Goal.overlap": "대기 몇 개가 동시에 진행되는지입니다.",
        "Goal.stays": "그대로 해야 하는 일입니다. 일을 빼서 목표를 이룰 수 없게 합니다.",
        "Goal.unblocked": "`true`이면 아무것도 이벤트 루프를 오래 막지 않아야 합니다.",
        "Goal.nothing_lost": ("`true`이면 잊힌 코루틴, 잘린 태스크, 사라진 예외가 없어야 합니다."),
        "Moment": "한 줄이 언제 출력되는지입니다.",
        "Moment.line": "`order`에서와 같은 줄입니다.",
        "Moment.about": "시작부터 센 시간(초)입니다.",
        "Moment.tolerance": "이만큼 이르거나 늦어도 됩니다.",
        "Overlap": "기록된 대기 몇 개가 동시에 진행되는지입니다.",
        "Overlap.of": "대기가 들어 있는 함수들입니다. 스레드가 실행하는 함수도 됩니다.",
        "Overlap.together": "한순간에 적어도 이만큼 진행됩니다.",
        "Overlap.at_most": "어느 순간에도 이보다 많이 진행되지 않습니다.",
        "Stays": "그대로 해야 하는 일입니다. 아무도 이 일을 빼서 목표를 이룰 수 없습니다.",
        "Stays.of": "대기가 들어 있는 함수입니다.",
        "Stays.seconds": "한 번에 적어도 이만큼(초) 기다립니다.",
        "Stays.times": "적어도 이만큼 여러 번 합니다.",
        "CodeBlock": "맞추어 볼 프로그램의 한 조각입니다.",
        "CodeBlock.code": "온전한 줄들입니다. 프로그램에 놓일 들여쓰기 그대로 씁니다.",
        "CodeBlock.decoy": (
            "어디에도 쓰이지 않는 블록에, 그 블록이 나타내는 오해를 대답으로 씁니다."
        ),
        "WhyChoice": "고를 수 있는 까닭 하나입니다. 그것이 맞다면 실행이 어떠할지로 말합니다.",
        "WhyChoice.id": "답으로 내는 이름입니다.",
        "WhyChoice.text": "보여 줄 까닭입니다.",
        "WhyChoice.claim": (
            "이 까닭이 맞다면 실행이 하는 것입니다. 실제 실행이 판정하며, 맞는 것 하나에만 "
            "성립해야 합니다."
        ),
        "WhyChoice.believes": (
            "이것을 고른 사람에게 하는 대답입니다. 틀린 것이면 실제로는 어떤지, 맞는 것이면 왜 "
            "그런지 씁니다."
        ),
        "TunedNumber": "바꿀 단 하나의 수입니다.",
        "TunedNumber.name": "처음 코드의 한 줄이 수를 넣는 상수입니다: `LIMIT = 1`.",
        "TunedNumber.least": "넣어 볼 수 있는 가장 작은 수입니다.",
        "TunedNumber.most": "넣어 볼 수 있는 가장 큰 수입니다.",
        "Forbidden": "코드가 쓰면 안 되는 것입니다.",
        "Forbidden.name": "모듈과 함께 쓴 이름(`time.sleep`)이나 모듈(`threading`)입니다.",
        "Forbidden.because": "왜 안 되고, 대신 무엇을 쓰는지 적습니다.",
        "Localized": (
            "언어마다 하나씩 쓰는 텍스트입니다. 필드 설명에 적혀 있으면 마크다운을 쓸 수 있습니다. "
            "이 두 언어 말고는 `bot/languages`에 파일이 있는 언어를 쓸 수 있습니다."
        ),
        "Localized.ko": "한국어. 합니다체로 씁니다. 강의 전체에 한국어가 없을 때만 생략합니다.",
        "Localized.en": "영어. 강의 전체에 영어가 없을 때만 생략합니다.",
        "Concept": "`/explain`이 설명하는 것입니다.",
        "Concept.id": "`/explain`에 넘기는 이름입니다. 모든 개념에서 유일해야 합니다.",
        "Concept.title": "제목으로 표시됩니다.",
        "Concept.aliases": "학습자가 입력할 수 있는 다른 이름입니다. 어느 언어로든 쓸 수 있습니다.",
        "Concept.summary": "개념을 한 문장으로 씁니다.",
        "Concept.explanation": "마크다운: 문단, 목록, `코드`, 코드 블록.",
        "Concept.belief": "흔한 오해와, 실제로는 어떤지를 씁니다.",
        "Concept.pitfalls": "실무에서 잘못되는 점입니다. 항목마다 한두 문장으로 씁니다.",
        "Concept.since": (
            "이것이 들어온 파이썬 버전입니다. 파이썬보다 오래된 개념이면 쓰지 않습니다."
        ),
        "Concept.links": "더 읽을 글입니다. 공식 문서가 가장 좋습니다.",
        "Concept.next": "다음에 해 볼 시나리오나 개념의 id입니다.",
        "Link": "더 읽을 글입니다. 공식 문서가 가장 좋습니다.",
        "Link.title": "글의 제목입니다.",
        "Link.url": "글의 주소입니다. https만 쓸 수 있습니다.",
        "Link.translated": "번역된 글의 주소를 언어별로 씁니다: `{ko: https://…}`.",
        "Scenario": "`/run`이 실행하는 것입니다.",
        "Scenario.id": "`/run`에 넘기는 이름입니다. 모든 시나리오에서 유일해야 합니다.",
        "Scenario.title": "제목으로 표시됩니다.",
        "Scenario.aliases": (
            "학습자가 입력할 수 있는 다른 이름입니다. 어느 언어로든 쓸 수 있습니다."
        ),
        "Scenario.summary": (
            "이 시나리오가 무엇을 보여 주는지 한 문장으로 씁니다. 실행하기 전에 읽는 글입니다."
        ),
        "Scenario.code": (
            "파이썬 코드입니다. 문구를 출력할 자리에는 문자열 안에 `<<key>>`를 씁니다."
        ),
        "Scenario.phrases": "출력할 문구입니다. 따옴표, 역슬래시, 중괄호, 줄바꿈은 쓸 수 없습니다.",
        "Scenario.expect": (
            "실행하면 어떻게 되어야 하는지 씁니다. `tutor lessons record`가 제안해 줍니다."
        ),
        "Scenario.because": (
            "왜 그만큼 걸리고 왜 그 순서로 출력되는지 씁니다. 실행한 뒤에 읽는 글입니다."
        ),
        "Scenario.mistake": "학습자가 흔히 잘못 예측하는 것과 그 까닭입니다.",
        "Scenario.question": (
            "`/predict`가 코드 위에서 묻는 말입니다. 시간이나 결과를 알려 주면 안 됩니다."
        ),
        "Scenario.decoys": (
            "절대 출력되지 않는 줄입니다. 출력되는 줄과 섞어 보여 줍니다. "
            "코드처럼 `<<key>>`를 쓸 수 있습니다."
        ),
        "Scenario.choices": (
            "고를 수 있는 틀린 시간입니다. 저마다 실제로 흔한 오해여야 합니다. "
            "맞는 시간은 `elapsed`에서 가져옵니다."
        ),
        "Scenario.endings": "어떻게 끝나는지도 물을 때, 고를 수 있는 틀린 끝입니다.",
        "TimeChoice": "어떤 오해에서 나오는 틀린 시간입니다.",
        "TimeChoice.seconds": "그렇게 믿는 사람이 예상하는 시간(초)입니다.",
        "TimeChoice.believes": (
            "이 선택에 대한 답입니다. 그러려면 무엇이 사실이어야 하는지와 실제로는 어떤지를 씁니다."
        ),
        "EndingChoice": "어떤 오해에서 나오는 틀린 끝입니다.",
        "EndingChoice.outcome": "그렇게 믿는 사람이 예상하는 끝입니다.",
        "EndingChoice.error": "`outcome: error`일 때, 예상하는 예외의 클래스 이름입니다.",
        "EndingChoice.believes": (
            "이 선택에 대한 답입니다. 그러려면 무엇이 사실이어야 하는지와 실제로는 어떤지를 씁니다."
        ),
        "Scenario.counterpart": "견주어 볼 만한 시나리오의 id입니다.",
        "Scenario.python": (
            "이 시나리오를 실행할 수 있는 가장 오래된 파이썬입니다. "
            "없으면 지원하는 모든 버전에서 실행합니다."
        ),
        "Scenario.limits": "봇의 제한보다 낮추고 싶은 제한입니다.",
        "Expectation": "시나리오를 실행하면 어떻게 되어야 하는지 적은 것입니다.",
        "Expectation.outcome": "실행이 어떻게 끝나는지입니다.",
        "Expectation.error": "`outcome: error`일 때, 시나리오를 끝내는 예외의 클래스 이름입니다.",
        "Expectation.lines": (
            "표준 출력에 나오는 줄을 차례로 씁니다. `any_order`로 묶은 줄은 순서가 달라도 됩니다."
        ),
        "Expectation.complete": "`false`이면 적힌 줄의 앞, 사이, 뒤에 다른 줄이 있어도 됩니다.",
        "Expectation.before": (
            "자리와 관계없이 어느 줄이 어느 줄보다 먼저 나와야 하는지 짝으로 씁니다."
        ),
        "Expectation.elapsed": "걸리는 시간입니다. 실행할 때마다 크게 다르면 쓰지 않습니다.",
        "Expectation.versions": (
            "다르게 동작하는 파이썬 버전입니다. 조건에 맞는 첫 번째 것을 씁니다."
        ),
        "Pattern": "실행할 때마다 달라지는 줄입니다. 줄 전체에 맞는 정규 표현식으로 씁니다.",
        "Pattern.matches": (
            "줄 전체에 맞는 정규 표현식(파이썬의 `re`)입니다. `<<key>>`는 그 문구를 뜻합니다."
        ),
        "AnyOrder": "이 자리에 어떤 순서로든 나오는 줄들입니다.",
        "AnyOrder.any_order": "두 줄 이상 씁니다.",
        "Before": "자리와 관계없이 다른 줄보다 먼저 나와야 하는 줄입니다.",
        "Before.first": "먼저 나오는 줄입니다.",
        "Before.then": "그 뒤에 나오는 줄입니다.",
        "Elapsed": "실행에 걸리는 시간이며, 단위는 초입니다.",
        "Elapsed.about": "한가한 컴퓨터에서 걸리는 시간입니다.",
        "Elapsed.tolerance": "이만큼 더 걸리거나 덜 걸려도 됩니다.",
        "VersionCase": (
            "일부 파이썬 버전에서 다른 점입니다. 그 버전에서는 이것이 기대 전체를 대신합니다."
        ),
        "VersionCase.python": '어느 파이썬인지 씁니다: `"<3.12"`, `">=3.13"`, `"==3.11"`.',
        "RunLimits": "한 시나리오에만 적용할 제한입니다. 봇의 제한보다 낮출 때만 씁니다.",
        "RunLimits.wall_seconds": "강제로 끝낼 때까지의 시간(초)입니다.",
        "RunLimits.cpu_seconds": "프로세서를 쓸 수 있는 시간(초)입니다.",
        "RunLimits.memory_bytes": "주소 공간의 크기(바이트)입니다.",
        "RunLimits.threads": "동시에 쓸 수 있는 스레드 수입니다.",
        "RunLimits.output_bytes": "출력할 수 있는 바이트 수입니다.",
        "RunLimits.output_lines": "출력할 수 있는 줄 수입니다.",
        "Comparison": "나란히 실행해 볼 만한 시나리오 묶음입니다.",
        "Comparison.scenarios": "시나리오 2~5개의 id입니다. 어느 강의의 것이든 됩니다.",
        "Comparison.why": "왜 시간과 순서가 다른지 씁니다.",
    }
)
"""What each part and field means, in Korean. A test holds the keys equal to the models."""
