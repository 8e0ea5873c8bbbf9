"""A letter with all that a letter can have arrives whole, for all who get it, and asks for nothing.

``python -m tests.letter`` shows it to other programs.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.letter import standard
from tests.letter.arrived import HALL, TICKET, arrived_letter, logo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_letter_arrives_with_all_that_belongs_to_it(folder: Path) -> None:
    letter = arrived_letter(folder)
    names = [each.partition("@")[0] for each in letter.recipients]
    assert names == ["ines", "board", "noor", "archive"]
    read = standard.read(letter.raw)
    assert read["subject"].startswith("Your seats for the summer concert – „Sommer“: Row 7")
    assert read["from"] == [["Tennis Club Aurach, Büro", "office@tc-aurach.example"]]
    assert [each[1].partition("@")[0] for each in read["cc"]] == ["board", "noor"]
    assert read["bcc"] == []
    assert b"archive@" not in letter.raw
    name, content = TICKET
    assert read["files"] == [
        ["", "image/png", hashlib.sha256(logo()).hexdigest()],
        [name, "application/pdf", hashlib.sha256(content).hexdigest()],
    ]
    text = "\n".join(read["text"].splitlines())
    assert "- Doors open at 19:00." in text
    assert f"Here is the plan of the hall:\n{HALL}\n" in text
    assert text.endswith("Vereinsweg 4, 90000 Aurach")


def test_a_letter_names_nothing_that_a_program_would_fetch(folder: Path) -> None:
    html = standard.read(arrived_letter(folder).raw)["html"]
    fetched = re.findall(r"""(?:src|background)=["']?([^"'\s>]+)|url\(([^)]+)\)|(@import)""", html)
    assert fetched == [("cid:logo@sendoff", "", "")]
    assert not re.search(r"<(?:script|link|iframe|object|embed|form|video|audio)\b", html)
