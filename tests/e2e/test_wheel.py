"""The distribution as others get it: built from a checkout, installed, and asked for a run."""

import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.commands import ROOT, clean_environment

pytestmark = pytest.mark.long(together=True)

SOURCES = (
    "bot",
    "lessons",
    "requirements",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
)
LESSONS = {path.name for path in (ROOT / "lessons").glob("*.yaml")}


def done(*command: str | Path, cwd: Path) -> str:
    """Run a command to its good end; return what it printed."""
    environment = clean_environment()
    del (
        environment["PYTHONPATH"],
        environment["PYTHONWARNINGS"],
    )  # of the checkout, and of our tests
    ended = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=110
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, checkout / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, checkout / name)
    target = tmp_path_factory.mktemp("dist")
    done(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, checkout, cwd=target)
    return target


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean virtual environment with the wheel; its dependencies are those that tests have."""
    folder = tmp_path_factory.mktemp("installed")
    done(sys.executable, "-m", "venv", folder, cwd=folder)
    (wheel,) = built.glob("*.whl")
    python = folder / "bin" / "python"
    done(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    # A path in a .pth file brings packages, but not the .pth files beside them: our own checkout,
    # which is installed as editable there, stays out.
    (own,) = folder.glob("lib/python3.*/site-packages")
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    where = done(python, "-c", "import bot; print(bot.__file__)", cwd=folder)
    assert where.startswith(str(own))
    return folder / "bin" / "tutor"


def test_the_wheel_and_the_sources_hold_the_course(built: Path) -> None:
    (wheel,), (sources,) = built.glob("*.whl"), built.glob("*.tar.gz")
    packed = zipfile.ZipFile(wheel).namelist()
    assert {Path(it).name for it in packed if it.startswith("bot/lessons/course/")} == {
        *LESSONS,
        "lesson.schema.json",
    }
    assert not [it for it in packed if it.startswith(("lessons/", "tests/"))]
    assert "bot/py.typed" in packed
    pages = {"static/page.js", "documents/privacy.ko.md", "documents/terms.en.md"}
    assert {f"bot/platforms/web/{name}" for name in pages} <= set(packed)
    editor = {"editor.js", "editor.licenses.txt"}
    made = {name for name in editor if (ROOT / "bot/platforms/web/static" / name).exists()}
    assert made in (editor, set())  # the editor goes nowhere without its licences
    assert made == {name for name in editor if f"bot/platforms/web/static/{name}" in packed}
    with tarfile.open(sources) as archive:
        names = {Path(it).name for it in archive.getnames() if "lessons/course/" in it}
    assert names >= LESSONS


def test_an_installed_wheel_runs_a_lesson(installed: Path, tmp_path: Path) -> None:
    events = [
        json.loads(line)
        for line in done(installed, "run", "gather", "--json", cwd=tmp_path).splitlines()
    ]
    assert (events[-1]["event"], events[-1]["outcome"]) == ("finished", "ok")
    assert sum(it["event"] == "line" for it in events) == 6
    listed = done(installed, "lessons", "list", "--json", cwd=tmp_path).splitlines()
    assert len(listed) == len(LESSONS)


def test_an_author_with_an_installed_wheel_writes_into_the_own_folder(
    installed: Path, tmp_path: Path
) -> None:
    """An update of the package would take a lesson away that lay in it."""
    said = done(installed, "lessons", "new", "mine", cwd=tmp_path)
    assert "written: mine.yaml" in said
    assert {path.name for path in tmp_path.iterdir()} == {"mine.yaml", "lesson.schema.json"}
    done(installed, "lessons", "check", "--no-run", "mine.yaml", cwd=tmp_path)
