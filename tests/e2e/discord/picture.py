"""A message's payload as readable text: what Discord would show, in monospaced characters."""

from typing import Any

from tests.discord_standin.learner import Exchange

_STYLES = {1: "[{}]", 2: "[{}]", 3: "[{}]", 4: "[{}]", 5: "[{} ↗]"}


def drawn_as_text(exchange: Exchange) -> str:
    """Return the message that answers, component by component."""
    message = exchange.message
    lines = ["╭─" + (" 🔒" if message.ephemeral else "")]
    for component in message.payload["components"]:
        lines += [f"│ {line}".rstrip() for line in _lines(component)]
    return "\n".join([*lines, "╰─"])


def form_as_text(exchange: Exchange) -> str:
    """Return the form that was opened."""
    form = exchange.form
    lines = [f"╭─ {form['title']}"]
    for part in form["components"]:
        shown = _question(part) if part["type"] == 18 else _lines(part)
        lines += [f"│ {line}".rstrip() for line in shown]
    return "\n".join([*lines, "╰─"])


def _question(part: dict[str, Any]) -> list[str]:
    return [part["label"], *(f"    ○ {each['label']}" for each in part["component"]["options"])]


def _lines(component: dict[str, Any]) -> list[str]:
    match component["type"]:
        case 17:
            return [line for each in component["components"] for line in _lines(each)]
        case 10:
            text: str = component["content"].replace("\u2060", "")
            return text.split("\n")
        case 12:
            return [f"🖼  {item['description']}" for item in component["items"]]
        case 13:
            return [f"📎 {component['file']['url'].removeprefix('attachment://')}"]
        case 1:
            return _row(component["components"])
        case other:
            raise ValueError(f"the bot is not known to send components of type {other}")


def _row(items: list[dict[str, Any]]) -> list[str]:
    if items[0]["type"] == 3:
        menu = items[0]
        options = [
            f"    {'◉' if each.get('default') else '○'} {each['label']}" for each in menu["options"]
        ]
        return [f"▾ {menu['placeholder']}", *options]
    shown = [_STYLES[each["style"]].format(each["label"]) for each in items]
    return [
        "  ".join(
            f"{label[:-1]} ⃠]" if each.get("disabled") else label
            for label, each in zip(shown, items, strict=True)
        )
    ]
