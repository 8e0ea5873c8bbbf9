"""A file is copied as it was when it was opened, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files import source


def test_a_copy_has_the_name_and_the_bytes_of_the_file_and_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_PIECE", 3)
    path = tmp_path / "members.csv"
    path.write_bytes(b"Name;E-Mail\n")
    first, second = source.copied(path, tmp_path), source.copied(path, tmp_path)
    assert first.name == second.name == path.name
    assert first.read_bytes() == second.read_bytes() == path.read_bytes()
    assert first.parent != second.parent


@pytest.mark.parametrize("text", ["Name;E-Mail\nBo;b@x.y\n", "Name\n", "Name;E-Mail\n" * 9])
def test_a_file_that_is_written_to_while_it_is_copied_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name;E-Mail\nAl;a@x.y\n")
    os.utime(path, ns=(1, 1))
    make_folder = tempfile.mkdtemp

    def write_first(dir: Path) -> str:  # noqa: A002 - as mkdtemp has it
        path.write_text(text)
        return make_folder(dir=dir)

    monkeypatch.setattr(tempfile, "mkdtemp", write_first)
    with pytest.raises(SheetError) as caught:
        source.copied(path, tmp_path)
    assert caught.value.fault is SheetFault.CHANGED
