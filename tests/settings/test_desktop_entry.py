"""The desktop entry's command line survives any folder name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.settings import desktop_entry


def unquoted(argument: str) -> str:
    """Read a quoted argument back as the Desktop Entry specification says."""
    once = argument.replace("\\\\", "\\")  # the string escape of the file
    assert once.startswith('"')
    assert once.endswith('"')
    inner = once[1:-1]
    text, position = "", 0
    while position < len(inner):
        if inner[position] == "\\":
            position += 1
        text += inner[position]
        position += 1
    return text.replace("%%", "%")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_any_path_reads_back_equal(path: str) -> None:
    assert unquoted(desktop_entry.quoted(path)) == path
