"""Numbers are written as spreadsheet programs show them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.number_formats import BUILT_IN, EPOCH, EPOCH_1904, writer_of

ENGLISH = Wording("mm/dd/yyyy", ".", ",")
GERMAN = Wording("dd.mm.yyyy", ",", ".", locale="de_DE")
DAY = 46021.4375  # 30 December 2025, 10:30, a Tuesday


def written(
    value: float, code: str, wording: Wording = ENGLISH, epoch: datetime = EPOCH
) -> str | None:
    write = writer_of(code, wording, epoch)
    return write and write(value)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.5, "0.00", "12.50"),
        (0.5, "0%", "50%"),
        (0.1234, "0.00%", "12.34%"),
        (1067, "00000", "01067"),
        (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
        (1234.5, "[$€-407]\\ #,##0.00", "€ 1,234.50"),
        (-1234.5, "#,##0.00\\ [$€-407];[Red]\\-#,##0.00\\ [$€-407]", "-1,234.50 €"),
        (1234567.891, "#,##0", "1,234,568"),
        (0, "#,##0", "0"),
        (999, "#,##0", "999"),
        (1234567890123450, "0", "1234567890123450"),
        (2.675, "0.00", "2.68"),
        (1.005, "0.00", "1.01"),
        (0.5, "0", "1"),
        (-0.5, "0.0", "-0.5"),
        (7, '"A-"0000', "A-0007"),
        (0, "0;-0;;@", ""),
        (5, "0;-0;;@", "5"),
        (-5, "0;-0;;@", "-5"),
        (-5, "0;(0)", "(5)"),
        (-1234, "#,##0_);(#,##0)", "(1,234)"),
        (3, '0 "Stück"', "3 Stück"),
        (0, '0;0;"-"', "-"),
        (5, ";;;", ""),
        (-3, '"[$"0"]"', "-[$3]"),
        (1.5, "0.0_-", "1.5 "),
        (1234.5, '_-* #,##0.00\\ "€"_-', " 1,234.50 € "),
        (46082, "mmmm\\ yyyy", "March 2026"),
        (46082, "yyyy", "2026"),
        (DAY, "dd.mm.yyyy", "30.12.2025"),
        (DAY, "d\\.\\ mmmm\\ yyyy", "30. December 2025"),
        (DAY, "[$-407]d\\.\\ mmmm\\ yyyy;@", "30. Dezember 2025"),
        (DAY, "[$-407]dddd, d. mmm", "Dienstag, 30. Dez"),
        (DAY, "[$-40C]d mmm yy", "30 déc. 25"),
        (DAY, "ddd d-mmm-yy", "Tue 30-Dec-25"),
        (DAY, "yyyy\\-mm\\-dd\\ hh:mm", "2025-12-30 10:30"),
        (DAY, "h:mm AM/PM", "10:30 AM"),
        (DAY + 0.25, "h:mm AM/PM", "4:30 PM"),
        (DAY + 0.25, "h:mm am/pm", "4:30 PM"),
        (DAY, "mmmmm", "D"),
        (0.416666666664, "hh:mm", "10:00"),
        (0.4375, 'h:mm "Uhr"', "10:30 Uhr"),
        (1.104166666667, "h:mm", "2:30"),
        (1.104166666667, "[h]:mm", "26:30"),
        (0.0625, "[mm]:ss", "90:00"),
        (DAY, "m/d/yyyy", "12/30/2025"),
        (-5, '0" a";@', "-5 a"),
        (0.5, BUILT_IN[9], "50%"),
        (46023.375, BUILT_IN[15], "1-Jan-26"),
        (46023.375, BUILT_IN[20], "9:00"),
        (46023.375, BUILT_IN[21], "9:00:00"),
        (5, '[Blue]"No. "@', "No. 5"),
        (DAY, "[$-1010409]dddd, mmmm d, yyyy", "Tuesday, December 30, 2025"),
        (DAY, "AM/PM", "AM"),
        (1.0, "h:mm", "0:00"),
        (1.0, "[h]:mm", "24:00"),
        (-1.104166666667, "[h]:mm", "-26:30"),
        (-0.0625, "h:mm", "-1:30"),
        (-0.0625, "h:mm;@", "-1:30"),
        (-0.0625, "h:mm AM/PM", "10:30 PM"),
        (-1.25, "d.m.yyyy h:mm;@", "28.12.1899 18:00"),
        (1.0, "d.m.yyyy", "1.1.1900"),
        (60.0, "d.m.yyyy", "28.2.1900"),
        (61.0, "d.m.yyyy", "1.3.1900"),
        (1234567890123450, 'General" €"', "1234567890123450 €"),
        (-1234.5, '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', " $(1,234.50)"),
        (0, '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', " $- "),
        (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Tuesday, December 30, 2025"),
        (DAY, "[$-x-sysdate]dddd, mmmm dd, yyyy", "Tuesday, December 30, 2025"),
        (DAY, "[$-F400]h:mm:ss\\ AM/PM", "10:30:00 AM"),
        (DAY, "[$-de-DE]d. mmmm yyyy", "30. Dezember 2025"),
        (DAY, "[$-415]d mmmm yyyy", "30 grudnia 2025"),
        (DAY, "[$-en-US]mmm d", "Dec 30"),
        (1234.5, "[$£-809]#,##0.00", "£1,234.50"),
        (1234.5, "[$CHF-807] #,##0.00", "CHF 1,234.50"),
    ],
)
def test_a_number_is_written_as_its_format_says(value: float, code: str, text: str) -> None:
    assert written(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, '#,##0.00\\ "€"', "1.234,50 €"),
        (0, '0;-0;_-* "-"??\\ "€"_-', " - € "),
        (0.125, "0.0%", "12,5%"),
        (0.125, BUILT_IN[9], "13\u00a0%"),
        (0.125, BUILT_IN[10], "12,50\u00a0%"),
        (DAY, BUILT_IN[14], "30.12.2025"),
        (DAY, BUILT_IN[22], "30.12.2025 10:30"),
        (-1234, BUILT_IN[37], "-1.234"),
        (-1234.5, BUILT_IN[39], "-1.234,50"),
        (46023.375, BUILT_IN[15], "01. Jan 26"),
        (46023.375, BUILT_IN[16], "01. Jan"),
        (46023.375, BUILT_IN[17], "Jan 26"),
        (46023.375, BUILT_IN[20], "09:00"),
        (46023.375, BUILT_IN[22], "01.01.2026 09:00"),
        (46023.375, "d-mmm-yy h:mm", "1-Jan-26 9:00"),
        (DAY, "m/d/yyyy", "12.30.2025"),
        (DAY, "[$-409]m/d/yyyy", "12/30/2025"),
        (DAY, "[$-413]d/m/yyyy", "30-12-2025"),
        (DAY, "[$-411]yyyy/m/d", "2025/12/30"),
        (DAY, "[$-F400]h:mm:ss\\ AM/PM", "10:30:00"),
    ],
)
def test_signs_and_the_short_date_are_the_systems(value: float, code: str, text: str) -> None:
    assert written(value, code, GERMAN) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (DAY, "gge"),
        (DAY, "[$-2000401]0"),
        (DAY, "[$-411]d mmmm"),
        (0.5, "# ?/?"),
        (12345.678, "0.00E+00"),
        (12345, "00/000/00"),
        (12, "0.##"),
        (15000, '0,"k"'),
        (5551234567, "(000) 000\\-0000"),
        (12, "???0"),
        (12, "??"),
        (150, '[<100]0" few";0" many"'),
        (1, '[=1]"yes";"no"'),
        (0.0001736, "mm:ss.0"),
        (1.5, BUILT_IN[44]),
        (-700_000, "yyyy"),
        (1e9, "d.m.yyyy"),
    ],
)
def test_what_is_rare_is_not_written(value: float, code: str) -> None:
    assert written(value, code) is None


def test_days_can_be_counted_from_1904() -> None:
    assert written(1, "yyyy-mm-dd", epoch=EPOCH_1904) == "1904-01-02"


@given(st.floats(-1e15, 1e15), st.text('0#?.,%;-"\\_*[]$€@EeymdhsAP/M+ ()<>=1', max_size=14))
def test_no_format_breaks_it(value: float, code: str) -> None:
    text = written(value, code)
    assert text is None or isinstance(text, str)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_two_decimals_are_those_of_the_number(value: object) -> None:
    assert written(float(str(value)), "0.00") == str(value).replace("-0.00", "0.00")
