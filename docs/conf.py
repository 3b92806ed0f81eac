"""How Sphinx builds the documentation: MyST pages under Furo's theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "leadkit"
author = _PROJECT["authors"][0]["name"]
release = version = _PROJECT["version"]
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's own name for it

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = f"leadkit {release}"
html_copy_source = False
