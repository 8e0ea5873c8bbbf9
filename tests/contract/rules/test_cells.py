"""Which texts of cells are errors, or were garbled."""

from __future__ import annotations

import pytest

from desktop.contract.rules.cells import is_cell_error, looks_wrong

ERRORS = (
    "#N/A #DIV/0! #REF! #NAME? #SPILL! #NV #BEZUG! #ÜBERLAUF! #N/D #¿NOMBRE? #¡DIV/0! #DZIEL/0!"
    " #NENÍ_K_DISPOZICI #ССЫЛКА! Err:502"
)
NONE = (
    "",
    "#1",
    "#17!",
    "#hello!",
    "# N/A",
    "N/A",
    "#N/A in row 3",
    "C#",
    "Err: 502",
    "#team",
    "##",
)


def test_errors_of_cells_are_known_in_many_languages_and_other_texts_are_none() -> None:
    assert [text for text in (*ERRORS.split(), " #N/A ") if not is_cell_error(text)] == []
    assert [text for text in NONE if is_cell_error(text)] == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("NULL|null|nan|NaN|None|<NA>|undefined|NULL NULL", "Nan|Null|none|Nanette|0|-|n/a|"),
        (
            "Bo MÃ¼ller|RenÃ©e|Ãœber|Ð¨Ð°Ñ€|Ð\u0098Ð²Ð°Ð½ Ñ€Ñ\u0081|РњСЋР»Р»РµСЂ|M√ºller|Stra�e|Ã©",
            "Müller|João|ÃO|Мюллер|Č. Žák|“Café”",
        ),
        (
            "M&uuml;ller|Tom &amp; Ada|Caf&eacute; d&#8217;Or|&#xe9;",
            "AT&T|Tom & Ada; Bo|R&D;|&foo;",
        ),
        ("4.91701E+11|1,23457E+15|4.9e+11|########|###", "491701000000|4E|E+11|#1|#|A1E+11|12:30"),
    ],
)
def test_a_text_that_another_program_garbled_looks_wrong(wrong: str, right: str) -> None:
    assert [text for text in wrong.split("|") if not looks_wrong(text)] == []
    assert [text for text in right.split("|") if looks_wrong(text)] == []
