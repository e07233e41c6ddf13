"""What Discord enforces and its description does not say: limits across a whole message."""

import re
from collections.abc import Iterator
from typing import Any

V2 = 1 << 15
TEXT, COMPONENTS, ALT, FILE, CUSTOM_ID = 4_000, 40, 1_024, 10 * 2**20, 100
_ACTION_ROW, _BUTTON, _SELECT, _TEXT, _GALLERY, _FILE, _LABEL, _RADIOS = 1, 2, 3, 10, 12, 13, 18, 21
_TYPED, _UPLOAD = 4, 19
_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def components(message: Any) -> Iterator[dict[str, Any]]:
    """Yield every component of `message`, nested ones too."""
    waiting = list(message.get("components") or ())
    while waiting:
        component = waiting.pop(0)
        yield component
        waiting += component.get("components", [])
        if "accessory" in component:
            waiting.append(component["accessory"])


def message_faults(message: dict[str, Any], files: dict[str, bytes]) -> list[str]:
    """Return what Discord would refuse about a message, or our learners would suffer from."""
    found = list(components(message))
    faults = []
    texts = [each["content"] for each in found if each["type"] == _TEXT]
    length = sum(len(text.encode("utf-16-le")) // 2 for text in texts)
    if length > TEXT:
        faults.append(f"{length} characters of text; {TEXT} fit")
    if len(found) > COMPONENTS:
        faults.append(f"{len(found)} components; {COMPONENTS} fit")
    if found and not message.get("flags", 0) & V2:
        faults.append("components of the second version without their flag")
    if message.get("content") or message.get("embeds"):
        faults.append("content or embeds beside components of the second version")
    if message.get("allowed_mentions") != {"parse": []}:
        faults.append(f"mentions are not forbidden: {message.get('allowed_mentions')}")
    ids = [each["custom_id"] for each in found if "custom_id" in each]
    faults += [f"a custom id: {each!r}" for each in ids if not 0 < len(each) <= CUSTOM_ID]
    if len(ids) != len(set(ids)):
        faults.append(f"custom ids that are not unique: {ids}")
    for text in texts:
        faults += _text_faults(text)
    for each in found:
        faults += _component_faults(each)
    return faults + _file_faults(message, found, files)


def form_faults(form: dict[str, Any], opened_by: int) -> list[str]:
    """Return what Discord would refuse about a form; `opened_by`: an interaction's kind."""
    faults = [] if opened_by in {2, 3} else ["a form cannot open another"]
    if not 0 < len(form["title"]) <= 45:
        faults.append(f"a form's title: {form['title']!r}")
    if not 0 < len(form["custom_id"]) <= CUSTOM_ID:
        faults.append(f"a form's custom id: {form['custom_id']!r}")
    parts = form["components"]
    if not 0 < len(parts) <= 5:
        faults.append(f"{len(parts)} parts of a form; 5 fit")
    texts = [each["content"] for each in parts if each["type"] == _TEXT]
    if sum(len(text.encode("utf-16-le")) // 2 for text in texts) > TEXT:
        faults.append("a form with too much to read")
    for text in texts:
        faults += _text_faults(text)
    for each in parts:
        if each["type"] == _LABEL:
            faults += _label_faults(each)
        elif each["type"] != _TEXT:
            faults.append(f"a form cannot hold a component of type {each['type']}")
    return faults


def _label_faults(label: dict[str, Any]) -> list[str]:
    """Return what is wrong with one question of a form."""
    faults = [] if 0 < len(label["label"]) <= 45 else [f"a question: {label['label']!r}"]
    inner = label["component"]
    if inner["type"] == _SELECT:
        return faults + _menu_faults(inner)
    if inner["type"] in {_TYPED, _UPLOAD}:
        if len(inner.get("placeholder") or "") > 100 or len(inner.get("value") or "") > TEXT:
            faults.append(f"a text input: {inner}")
        return faults
    options = inner["options"]
    if inner["type"] != _RADIOS or not 2 <= len(options) <= 10:
        faults.append(f"a choice of {len(options)}")
    labels = [option["label"] for option in options]
    faults += [f"a radio's label: {each!r}" for each in labels if not 0 < len(each.strip()) <= 100]
    if len({option["value"] for option in options}) != len(options):
        faults.append(f"radios that are the same: {options}")
    return faults


def choice_faults(data: dict[str, Any]) -> list[str]:
    """Return what Discord would refuse about choices that complete what is typed."""
    choices = data.get("choices", [])
    faults = [] if len(choices) <= 25 else [f"{len(choices)} choices; 25 fit"]
    faults += [
        f"a choice: {each}"
        for each in choices
        if not 0 < len(each["name"].strip()) <= 100 or not 0 < len(each["value"]) <= 100
    ]
    return faults


def command_faults(commands: list[dict[str, Any]]) -> list[str]:
    """Return what Discord would refuse about an application's commands."""
    faults = []
    for command in commands:
        slash = command.get("type", 1) == 1
        names = [command["name"], *(command.get("name_localizations") or {}).values()]
        faults += [
            f"{name!r} is no name for a command"
            for name in names
            if slash and (not _COMMAND_NAME.fullmatch(name) or name != name.lower())
        ]
        described = [command, *command.get("options", [])] if slash else []
        faults += [
            f"{command['name']}: a description of {len(text)} characters"
            for each in described
            for text in (each["description"], *(each["description_localizations"] or {}).values())
            if not 0 < len(text) <= 100
        ]
        if len(command.get("options", [])) > 25:
            faults.append(f"{command['name']} has more than 25 options")
        required = [bool(option.get("required")) for option in command.get("options", [])]
        if required != sorted(required, reverse=True):
            faults.append(f"{command['name']} has a required option after an optional one")
    return faults


def _text_faults(text: str) -> list[str]:
    """Return what is wrong with a text: nothing to see, a control, a fence left open, a ping."""
    faults = []
    if not text.strip():
        faults.append("an empty text")
    if text.count("```") % 2:
        faults.append(f"a code block that is left open: {text[-80:]!r}")
    if re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text):
        faults.append(f"a control character: {text!r}")
    if re.search(r"<@[!&]?\d|<#\d|@everyone|@here", text):
        faults.append(f"a mention: {text!r}")
    return faults


def _component_faults(component: dict[str, Any]) -> list[str]:
    """Return what is wrong with one component."""
    kind, faults = component["type"], []
    if kind == _ACTION_ROW:
        children = component["components"]
        buttons = [each for each in children if each["type"] == _BUTTON]
        if len(buttons) > 5 or (buttons and len(buttons) != len(children)):
            faults.append("a row holds five buttons or one menu")
        if len(children) - len(buttons) > 1 or not children:
            faults.append("a row holds five buttons or one menu")
    if kind == _BUTTON:
        if len(component.get("label") or "") > 80 or not (component.get("label") or "").strip():
            faults.append(f"a button's label: {component.get('label')!r}")
        if bool(component.get("url")) == bool(component.get("custom_id")):
            faults.append("a button has either an address or a custom id")
    if kind == _SELECT:
        faults += _menu_faults(component)
    if kind == _GALLERY:
        faults += [
            "a picture without alternative text, or with too long a one"
            for item in component["items"]
            if not 0 < len(item.get("description") or "") <= ALT
        ]
    return faults


def _menu_faults(menu: dict[str, Any]) -> list[str]:
    """Return what is wrong with a menu."""
    values = [option["value"] for option in menu["options"]]
    faults = [f"an option's value: {each!r}" for each in values if not 0 < len(each) <= 100]
    if len(menu.get("placeholder") or "") > 150:
        faults.append(f"a menu's placeholder: {menu['placeholder']!r}")
    if not 0 < len(values) <= 25 or len(set(values)) != len(values):
        faults.append(f"a menu's options: {values}")
    faults += [
        f"an option's label: {option['label']!r}"
        for option in menu["options"]
        if not 0 < len(option["label"].strip()) <= 100
    ]
    return faults


def _file_faults(
    message: dict[str, Any], found: list[dict[str, Any]], files: dict[str, bytes]
) -> list[str]:
    """Return what is wrong with the files: too large, not sent, or never shown."""
    faults = [f"{name} is too large" for name, data in files.items() if len(data) > FILE]
    named = {each["filename"] for each in message.get("attachments") or () if "filename" in each}
    shown = {each["file"]["url"] for each in found if each["type"] == _FILE} | {
        item["media"]["url"] for each in found if each["type"] == _GALLERY for item in each["items"]
    }
    if named != set(files):
        faults.append(f"the message names the files {named}, but {set(files)} came with it")
    if {f"attachment://{name}" for name in files} != shown:
        faults.append(f"{set(files)} came, but {shown} are shown")
    return faults
