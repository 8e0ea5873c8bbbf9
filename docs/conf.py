"""How Sphinx builds these pages: ``python -m tests.docs``."""

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]

project = "Sendoff"
author = copyright = _project["authors"][0]["name"]  # noqa: A001 - Sphinx's name
release = version = _project["version"]
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = project
myst_heading_anchors = 3  # as in other.md#a-heading
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
