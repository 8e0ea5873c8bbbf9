"""A greeting has the first name: titles, degrees and the last name are left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.rules.names import (
    SUFFIXES,
    TITLES,
    first_name,
    is_title,
    last_name,
    spoken_name,
)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Anna", "Anna", "Anna"),
        ("Hans-Peter Huber", "Hans-Peter", "Huber"),
        ("Berta von Sydow", "Berta", "von Sydow"),
        ("Dr. Anna Meier", "Anna", "Meier"),
        ("Dr.Anna Meier", "Anna", "Meier"),
        ("DR ANNA MEIER", "ANNA", "MEIER"),
        ("Univ.-Prof. Dr. rer. nat. habil. Eva Huber", "Eva", "Huber"),
        ("Dipl.-Ing. (FH) Bo Berg", "Bo", "Berg"),
        ("o. Univ.-Prof. DDr. Max Meier", "Max", "Meier"),
        ("DI Max Meier", "Max", "Meier"),
        ("Di Dorn", "Di", "Dorn"),
        ("Rechtsanwältin Eva Huber", "Eva", "Huber"),
        ("The Rt Hon. Jane Doe", "Jane", "Doe"),
        ("An Frau Dr. med. Anna Meier", "Anna", "Meier"),
        ("Herr und Frau Peter Meier", "Peter", "Meier"),
        ("Mrs. Jane Doe", "Jane", "Doe"),
        ("Lt. Col. Jane Doe", "Jane", "Doe"),
        ("Mme Marie Curie", "Marie", "Curie"),
        ("M. Jean Dupont", "Jean", "Dupont"),
        ("Sig.ra Maria Rossi", "Maria", "Rossi"),
        ("Exmo. Sr. João Silva", "João", "Silva"),
        ("de heer Jan Jansen", "Jan", "Jansen"),
        ("MUDr. Jana Nováková, Ph.D.", "Jana", "Nováková"),
        ("gđa Ana Horvat", "Ana", "Horvat"),
        ("Sayın Ahmet Yılmaz", "Ahmet", "Yılmaz"),
        ("Д-р Иван Петров", "Иван", "Петров"),
        ("J. Edgar Hoover", "Edgar", "Hoover"),
        ("Jane Doe, PhD", "Jane", "Doe"),
        ("PhD Jane Doe", "Jane", "Doe"),
        ("Jane Doe MA", "Jane", "Doe"),
        ("Martin Luther King, Jr.", "Martin", "Luther King"),
        ("King, Martin Luther, Jr.", "Martin", "King"),
        ("Meier, Dr. Anna", "Anna", "Meier"),
        ("von der Leyen, Ursula", "Ursula", "von der Leyen"),
        # names that look like titles
        ("Dean Martin", "Dean", "Martin"),
        ("Don Juan Pérez", "Juan", "Pérez"),
        ("Van Morrison", "Van", "Morrison"),
        ("Pan Wei", "Pan", "Wei"),
        ("Steffi Graf", "Steffi", "Graf"),
        ("Yo-Yo Ma", "Yo-Yo", "Ma"),
        ("Daniel Ek", "Daniel", "Ek"),
        ("Ev Huber", "Ev", "Huber"),
        ("Charlotte Church", "Charlotte", "Church"),
        ("Bao As", "Bao", "As"),
        ("YO-YO MA", "YO-YO", "MA"),
        ("Meier-Huber, Eva Maria", "Eva", "Meier-Huber"),
        # what an office adds, or writes in its own way
        ("Jörg Böhm (Extern)", "Jörg", "Böhm"),
        ("Anna Meier [Kasse]", "Anna", "Meier"),
        ("William (Bill) Gates", "William", "Gates"),
        ("(Kasse)", "(Kasse)", "(Kasse)"),
        ("z. Hd. Frau Anna Meier", "Anna", "Meier"),
        ("z.Hd. Anna Meier", "Anna", "Meier"),
        ("DUPONT Marie", "Marie", "DUPONT"),
        ("DE LA TOUR Jean-Luc", "Jean-Luc", "DE LA TOUR"),
        ("Mme DUPONT Marie", "Marie", "DUPONT"),
        ("AJ Meier", "AJ", "Meier"),
        ("LE Minh Khai", "LE", "Minh Khai"),
        ("J.R.R. Tolkien", "J.R.R.", "Tolkien"),
        ("Anna u. Peter Schulz", "Anna u. Peter Schulz", "Schulz"),
        ("Schulz, Anna u. Peter", "Anna u. Peter Schulz", "Schulz"),
        ("Meier, Huber & Schmidt", "Meier, Huber & Schmidt", "Meier"),
        # companies and clubs have no first name
        ("Smith, Inc.", "Smith, Inc.", "Smith, Inc."),
        ("Bäckerei Meier GmbH", "Bäckerei Meier GmbH", "Bäckerei Meier GmbH"),
        ("Turnverein Ulm e. V.", "Turnverein Ulm e. V.", "Turnverein Ulm e. V."),
        # no first name is left: the whole name
        ("Frau Dr. Meier", "Frau Dr. Meier", "Meier"),
        ("Mr & Mrs Smith", "Mr & Mrs Smith", "Smith"),
        ("Familie Meier", "Familie Meier", "Meier"),
        ("von Goethe", "von Goethe", "von Goethe"),
        ("Van den Berg", "Van den Berg", "Van den Berg"),
        ("M. Dupont", "M. Dupont", "Dupont"),
        ("Smith, J.", "J. Smith", "Smith"),
        ("Dr.", "Dr.", "Dr."),
        (" , ", "", ""),
    ],
)
def test_the_first_and_the_last_name_have_no_titles(name: str, first: str, last: str) -> None:
    assert (first_name(name), last_name(name)) == (first, last)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Meier, Eva", "Eva Meier"),
        ("Meier,Eva", "Eva Meier"),
        ("MEIER, EVA", "EVA MEIER"),
        ("von der Leyen, Ursula Gertrud", "Ursula Gertrud von der Leyen"),
        ("García Márquez, Gabriel José", "Gabriel José García Márquez"),
        ("O'Brien, J. P.", "J. P. O'Brien"),
        ("Meier, Dr. Eva", "Dr. Eva Meier"),
        ("Meier, Eva, PhD", "Eva Meier, PhD"),
        ("Meier, Eva, Dr.", "Dr. Eva Meier"),
        ("King, Martin Luther, Jr.", "Martin Luther King, Jr."),
        ("Huber, Herr", "Herr Huber"),
        ("Dr. Meier, Eva", "Dr. Eva Meier"),
        ("Frau Meier-Huber, Eva", "Frau Eva Meier-Huber"),
        ("Иванова, Анна", "Анна Иванова"),
        *[
            (name, name)
            for name in (
                "Eva Meier", "Jane Doe, PhD", "Martin Luther King, Jr.", "", " , ", "Dr.",
                "Meier, Huber & Co. KG", "Smith, Inc.", "Smith, Jones and Partners", "Acme, Ltd.",
                "Meier, Huber und Söhne", "Meier AG, Zürich", "Turnverein Ulm, e.V.",
                "Kanzlei Meier, Huber", "Meier, Huber & Schmidt", "Meier, Eva und Hans",
                "Schmidt, Müller, Weber", "Hall 3, Gate 2", "Meier Huber GmbH, Bonn",
                "Grundschule Süd, Bonn", "Stadt Köln, Ordnungsamt", "Museum Ludwig, Köln",
                "Dupont, Durand et Cie", "Rossi, S.p.A.",
            )
        ],
    ],
)  # fmt: skip
def test_a_whole_name_in_filing_order_is_turned_and_a_company_is_not(
    written: str, spoken: str
) -> None:
    assert spoken_name(written) == spoken
    assert spoken_name(spoken) == spoken


@given(*(st.lists(st.sampled_from(sorted(words)), max_size=3) for words in (TITLES, SUFFIXES)))
def test_titles_and_suffixes_around_a_name_change_neither_of_its_parts(
    titles: list[str], suffixes: list[str]
) -> None:
    before = [*(f"{title.title()}." for title in titles), "Anna Meier"]
    name = ", ".join([" ".join(before), *(f"{suffix}." for suffix in suffixes)])
    assert (first_name(name), last_name(name)) == ("Anna", "Meier")


@given(st.lists(st.sampled_from([*sorted(TITLES | SUFFIXES), "Anna", "&", ",", "(", "x"])))
def test_a_name_has_always_something_to_greet(words: list[str]) -> None:
    name = " ".join(words)
    assert bool(first_name(name)) == bool(name.replace(",", "").strip())


PERSONS = ("Dr. med.", "Dipl.-Ing.", "Prof. Dr.", "Dott.", "Dott.ssa", "Rev.", "Mr & Mrs", "Frau")
THINGS = ("", "&", "Concert", "Don Giovanni", "Dr. Schiwago", "Family day")


def test_a_title_of_a_person_is_known_and_one_of_a_thing_is_none() -> None:
    assert [text for text in (*PERSONS, "PhD", *THINGS) if is_title(text)] == [*PERSONS, "PhD"]


@pytest.mark.parametrize(
    ("name", "whole", "last"),
    [
        ("Eva & Hans Meier", "Eva & Hans Meier", "Meier"),
        ("Eheleute Anna und Otto Lang", "Eheleute Anna und Otto Lang", "Lang"),
        ("Schmidt, Eva und Hans", "Eva und Hans Schmidt", "Schmidt"),
        ("Eva Meier and Hans Meier", "Eva Meier and Hans Meier", "Meier"),
        ("Eva Meier et Hans Lang", "Eva Meier et Hans Lang", "Eva Meier et Hans Lang"),
        ("Dr. Eva und Dr. Hans von Ahn", "Dr. Eva und Dr. Hans von Ahn", "von Ahn"),
        ("Ana y Juan Pérez", "Ana y Juan Pérez", "Pérez"),
        ("Eva und Hans", "Eva und Hans", "Eva und Hans"),
        ("José Ortega y Gasset", "José", "Ortega y Gasset"),
        ("João Costa e Silva", "João", "Costa e Silva"),
        ("Herr und Frau Meier", "Herr und Frau Meier", "Meier"),
    ],
)
def test_a_couple_has_no_first_name(name: str, whole: str, last: str) -> None:
    assert (first_name(name), last_name(name)) == (whole, last)
