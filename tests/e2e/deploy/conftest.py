"""Where the samples for operators lie."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs/deploy"
