"""The files that a cell names are found as a person means them."""

from __future__ import annotations

import unicodedata

import pytest

from desktop.contract.rules.file_names import FileNames

APART = unicodedata.normalize("NFD", "Jürgen.pdf")


@pytest.mark.parametrize(
    ("files", "text", "found"),
    [
        (["plan.pdf"], "plan.pdf", ["plan.pdf"]),
        (["plan.pdf"], "Plan.PDF", ["plan.pdf"]),
        (["plan.pdf", "PLAN.pdf"], "PLAN.pdf", ["PLAN.pdf"]),
        (["plan.pdf", "PLAN.pdf"], "Plan.pdf", ["Plan.pdf"]),
        (["Jürgen.pdf"], APART, ["Jürgen.pdf"]),
        ([APART], "Jürgen.pdf", [APART]),
        ([APART], "JÜRGEN.pdf", [APART]),
        (["Meier, Anna.pdf", "Anna.pdf"], "Meier, Anna.pdf", ["Meier, Anna.pdf"]),
        (["a.pdf", "b.pdf"], "a.pdf, b.pdf", ["a.pdf", "b.pdf"]),
        (["a.pdf", "Meier, Anna.pdf"], "a.pdf,Meier, Anna.pdf", ["a.pdf", "Meier, Anna.pdf"]),
        (["a.pdf"], "a.pdf, b.pdf", ["a.pdf", "b.pdf"]),
        (["a.pdf"], "c.pdf, b.pdf", ["c.pdf, b.pdf"]),
        (["a.pdf"], "", [""]),
    ],
)
def test_a_file_is_found(files: list[str], text: str, found: list[str]) -> None:
    assert FileNames(files).named(text) == found


def test_a_cell_full_of_commas_takes_no_time() -> None:
    for text in (",a" * 16_000, "a," * 16_000 + "b"):
        assert FileNames(["a"]).named(text) == [text]
