"""The placeholders of other programs are found in a template if they name a field."""

from __future__ import annotations

import pytest

from desktop.contract.rules.templates import left_fields, left_over

COLUMNS = {"Vorname": "first_name", "Beitrag 2026": "fields.Beitrag 2026", "氏名": "name"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Liebe(r) «Vorname»,", ["«Vorname»"]),
        ("{Vorname}} und {Beitrag 2026}", ["{Vorname}}", "{Beitrag 2026}"]),
        ("｛｛ 氏名 ｝｝様", ["｛｛ 氏名 ｝｝"]),
        (
            "<<Vorname>> [Vorname] [[vorname]] %VORNAME%",
            ["<<Vorname>>", "[Vorname]", "[[vorname]]", "%VORNAME%"],
        ),
        ("*|First name|* ${Vorname}", ["*|First name|*", "{Vorname}"]),
        ("« Vorname\u00a0»", ["« Vorname\u00a0»"]),
        ("{{ Vorname }} {% if Vorname %}{{Vorname|upper}}{% endif %}", []),
        ("«Bonjour», [1], {siehe unten}, 50 % Rabatt, 100 %, Vorname", []),
    ],
)
def test_a_field_in_the_brackets_of_another_program_is_left_over(
    text: str, left: list[str]
) -> None:
    assert left_fields(left_over(text), COLUMNS) == left
