"""Writes the words of the tables into the translators' file: ``python -m tests.translations``.

The file has the English plurals of the window's texts, and each row of the tables with its note.
Then the file that the window reads is made from it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, parse, tostring

import PySide6

from desktop.cli import SENDOFF
from desktop.settings.resources import resources
from sendoff_tasks.words.table import OWN, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sendoff_tasks.words.table import WordRow

SOURCE = resources() / "translations" / "sendoff_en.ts"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


def main() -> int:
    """Write both files; returns 0."""
    SOURCE.write_text(written(), encoding="utf-8")
    compile_to(SOURCE.with_suffix(".qm"))
    return 0


def rows() -> list[WordRow]:
    """Return the rows of all tables, by subject; a variant has the note of its subject."""
    found = [row for file in (*OWN, *SENDOFF.words) for row in read(file).values()]
    notes = {row.subject: row.note for row in reversed(found) if row.note}
    told = (row._replace(note=row.note or notes.get(_base(row.subject), "")) for row in found)
    return sorted(told, key=lambda row: row.subject)


def _base(subject: str) -> str:
    return subject.partition(".")[0]


def source_of(row: WordRow) -> str:
    """Return the text by which Qt finds a row."""
    return row.other.replace("{n}", "%Ln") if row.one else row.other


def written() -> str:
    """Return the translators' file with the rows of the tables as they are."""
    tree = parse(SOURCE).getroot()  # noqa: S314 - our own file
    subjects = {row.subject for row in rows()}
    for context in tree.findall("context"):
        if context.findtext("name") in subjects:
            tree.remove(context)
    tree.extend(_contexts())
    tree.text = "\n"
    for context in tree:  # as Qt's tools write it
        indent(context, "    ")
        context.tail = "\n"
    return f"{HEAD}{tostring(tree, encoding='unicode')}\n"


def _contexts() -> Iterator[Element]:
    for subject, group in groupby(rows(), key=lambda row: row.subject):
        context = Element("context")
        SubElement(context, "name").text = subject
        for source, row in {source_of(row): row for row in group}.items():
            message = SubElement(context, "message")
            SubElement(message, "source").text = source
            if row.note:
                SubElement(message, "extracomment").text = row.note
            translation = SubElement(message, "translation")
            if row.one:
                message.set("numerus", "yes")
                SubElement(translation, "numerusform").text = row.one.replace("{n}", "%Ln")
                SubElement(translation, "numerusform").text = source
            else:
                translation.text = source
        yield context


def compile_to(made: Path) -> None:
    """Make the file that the window reads."""
    lrelease = Path(PySide6.__file__).with_name("lrelease")
    subprocess.run([lrelease, "-silent", SOURCE, "-qm", made], check=True)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.translations", description=__doc__).parse_args()
    sys.exit(main())
