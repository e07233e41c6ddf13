"""The project keeps its own rules: what no linter checks."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
import yaml

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_small_enough_to_be_one_noun(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_fits_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 55, node.name


def test_a_public_name_is_defined_once() -> None:
    """One word for one thing: what a module offers is offered by no other under that name."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for name in _public_names(ast.parse(path.read_text())):
            places[name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def _public_names(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names = [name]
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_every_relative_link_in_the_documents_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert dead == []


def test_pins_name_no_host_and_have_hashes() -> None:
    for pins in (ROOT / "requirements").glob("*.txt"):
        text = pins.read_text()
        assert "://" not in text, pins.name
        packages = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE | re.IGNORECASE)
        assert packages, pins.name
        assert all(line.endswith("\\") for line in packages), pins.name
        assert text.count("--hash=sha256:") >= len(packages), pins.name


def test_compose_gives_the_container_nothing_it_does_not_need() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tutor"]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "65532:65532"
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert not {"privileged", "cap_add", "volumes", "network_mode", "pid"} & service.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports for type checking count: a circle of names is a circle of thoughts."""
    graph = grimp.build_graph("bot")
    imports = {
        module: sorted(graph.find_modules_directly_imported_by(module)) for module in graph.modules
    }
    circles = [
        [module, imported]
        for module, found in imports.items()
        for imported in found
        if graph.chain_exists(importer=imported, imported=module)
    ]
    assert circles == []


_BASES = (ROOT, ROOT / "bot", ROOT / "tests")
_PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", ROOT / "SECURITY.md"]
_PAGES += sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_that_a_document_names_exist(page: Path) -> None:
    """Folders end in a slash, `X` is any name; paths start at the top, in `bot/` or `tests/`."""
    text = page.read_text()
    places = {
        place.replace("X", "*") for place in re.findall(r"`([\w.]+(?:/[\w.]+)*(?:/|\.py))`", text)
    }
    places |= {
        name.replace(".", "/") + ".py" for name in re.findall(r"`(bot(?:\.[a-z_]+)+)`", text)
    }
    made_when_needed = {".bench/", ".venv/"}
    assert [
        place
        for place in sorted(places - made_when_needed)
        if not any(any(base.glob(place.rstrip("/"))) for base in _BASES)
    ] == []
