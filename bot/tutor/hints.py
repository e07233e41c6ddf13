"""How a hint is asked for: in the name of its exercise, as in "fetch_together hint 2". Pure.

So whatever can hold an exercise's name can hold that: an address, a button, a typed line.
"""

import re

_HINT = re.compile(
    r"(?P<name>.*?)[\s_-]*(?:hint|힌트)[\s_-]*(?P<number>\d)", re.IGNORECASE | re.DOTALL
)


def hint_name(exercise: str, number: int) -> str:
    """Return the name that asks for a hint, counted from 1; the one after the last is the exemplar.

    It is an id, too, as buttons hold only these.
    """
    return f"{exercise}_hint_{number}"


def name_and_hint(name: str) -> tuple[str, int]:
    """Return the exercise's name in a name, and the number of the hint; 0 for no hint."""
    found = _HINT.fullmatch(name.strip())
    return (found["name"], int(found["number"])) if found and found["name"] else (name, 0)
