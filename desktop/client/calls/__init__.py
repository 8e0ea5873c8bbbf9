"""The calls of the API, one module for each resource; ``api`` puts them together."""

from __future__ import annotations

from urllib.parse import quote

from desktop.contract.rules.text import whole_characters


def segment(name: str) -> str:
    """Return a name as one segment of a path; U+FFFD replaces half characters, as in file names."""
    return quote(whole_characters(name), safe="")
