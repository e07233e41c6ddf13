"""Which fields belong at a place of a lesson, and what they mean."""

import types
from collections.abc import Iterator, Sequence
from typing import Any, Union, get_args, get_origin

from bot.lessons.expectation import ANY_ORDER_TAG, PATTERN_TAG, TEXT_TAG
from bot.lessons.field_docs import field_docs
from bot.lessons.files.document import Key
from bot.lessons.model import Lesson, LessonPart, Localized

TAGS = {TEXT_TAG, PATTERN_TAG, ANY_ORDER_TAG, "[key]"}
"""Steps of pydantic's places that are no steps in the file."""


def parts_at(raw: Sequence[Key]) -> list[type[LessonPart]]:
    """Return the models that the value at this place may be of."""
    annotation: Any = Lesson
    for step in raw:
        if step in TAGS:
            continue
        if isinstance(step, int):
            annotation = tuple(_items(annotation))
        else:
            annotation = tuple(_field_types(annotation, step))
    return [one for one in _alternatives(annotation) if _is_part(one)]


def fields_at(raw: Sequence[Key]) -> list[str]:
    """Return the names of the fields that the value at this place may have."""
    return list(dict.fromkeys(name for part in parts_at(raw) for name in part.model_fields))


def description_at(raw: Sequence[Key]) -> str:
    """Return what the models say of the field at this place."""
    docs = (field_docs(part).get(str(raw[-1])) for part in parts_at(raw[:-1]))
    return next((text for text in docs if text), "")


def is_required_at(raw: Sequence[Key]) -> bool:
    """Tell whether the field at this place must be there."""
    infos = [part.model_fields.get(str(raw[-1])) for part in parts_at(raw[:-1])]
    return any(info and info.is_required() for info in infos)


def parts_of(
    part: LessonPart, loc: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], LessonPart]]:
    """Return each part of a part that is a model itself, with its place."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, LessonPart):
            yield (*loc, name), value
        elif isinstance(value, tuple | dict):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for step, one in items:
                if isinstance(one, LessonPart):
                    yield (*loc, name, step), one


def texts_of(
    part: LessonPart, loc: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Localized]]:
    """Return every text of a part, however deep, with its place."""
    for here, below in parts_of(part, loc):
        if isinstance(below, Localized):
            yield here, below
        else:
            yield from texts_of(below, here)


def _is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, LessonPart)


def _alternatives(annotation: Any) -> Iterator[Any]:
    """Look through unions, `Annotated` and our own tuples of alternatives."""
    if isinstance(annotation, tuple):
        for one in annotation:
            yield from _alternatives(one)
    elif get_origin(annotation) in {Union, types.UnionType}:
        for one in get_args(annotation):
            yield from _alternatives(one)
    elif hasattr(annotation, "__metadata__"):
        yield from _alternatives(annotation.__origin__)
    else:
        yield annotation


def _items(annotation: Any) -> Iterator[Any]:
    """Return what the items of lists of this type may be."""
    for one in _alternatives(annotation):
        if get_origin(one) is tuple:
            yield get_args(one)[0]


def _field_types(annotation: Any, name: str) -> Iterator[Any]:
    """Return what the field or key of this name may be."""
    for one in _alternatives(annotation):
        if get_origin(one) is dict:
            yield get_args(one)[1]
        elif _is_part(one) and name in one.model_fields:
            yield one.model_fields[name].annotation
