"""How Sphinx builds these pages: ``python -m tests.docs``."""

import importlib
import pkgutil
import tomllib
from collections import defaultdict
from enum import Enum
from pathlib import Path
from typing import Any, Final, NotRequired, Required, get_origin

from typing_extensions import get_type_hints, is_typeddict

from desktop import contract
from desktop.backend import wire
from sendoff_tasks import model
from sendoff_tasks.http import wire as tasks_wire

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

FIELDS: Final = "http-fields"
"""The page to which the types of the HTTP API are added."""


def types() -> dict[str, list[type]]:
    """Collect the types that describe the HTTP API, by the modules that define them."""
    found = defaultdict[str, list[type]](list)
    for package in (contract, model, wire, tasks_wire):
        for _, name, _ in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for kind, each in vars(importlib.import_module(name)).items():
                is_kind = is_typeddict(each) or (isinstance(each, type) and issubclass(each, Enum))
                if is_kind and each.__module__ == name and not kind.startswith("_"):
                    found[name].append(each)
    return found


def fields() -> str:
    """List the types for autodoc, a section for each subject."""
    sections = defaultdict[str, str](str)
    for module, kinds in types().items():
        names = ", ".join(each.__name__ for each in kinds)
        sections[module.rpartition(".")[2]] += (
            f".. automodule:: {module}\n   :members: {names}\n   :undoc-members:\n\n"
        )
    return "".join(
        f"{name.capitalize()}\n{'-' * len(name)}\n\n{sections[name]}" for name in sorted(sections)
    )


def setup(app: Any) -> None:
    """Add the types to their page when Sphinx reads it, without the validators of their fields."""
    for each in (kind for kinds in types().values() for kind in kinds if is_typeddict(kind)):
        plain = get_type_hints(each)
        for name, hint in get_type_hints(each, include_extras=True).items():
            mark = get_origin(hint)
            each.__annotations__[name] = (
                mark[plain[name]] if mark in {Required, NotRequired} else plain[name]
            )

    def add(_: Any, page: str, source: list[str]) -> None:
        if page == FIELDS:
            source[0] += fields()

    app.connect("source-read", add)
