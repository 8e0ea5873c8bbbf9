"""A name is taken apart only where it is certain; else the whole name is used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.rules.names import (
    SUFFIXES,
    TITLES,
    NameColumns,
    WholeName,
    is_title,
    parts_of,
    spoken_name,
)

CERTAIN = """
    Eva Huber | Eva | Huber
    Hans-Peter Huber | Hans-Peter | Huber
    Jürgen Müller-Lüdenscheidt | Jürgen | Müller-Lüdenscheidt
    Émile Zola | Émile | Zola
    Sean O'Brien | Sean | O'Brien
    Aoife O’Connor | Aoife | O’Connor
    ANNA MEIER | ANNA | MEIER
    ada lovelace | ada | lovelace
    Ronald McDonald | Ronald | McDonald
    Łukasz Świątek | Łukasz | Świątek
    Jiří Dvořák | Jiří | Dvořák
    Şule Yılmaz | Şule | Yılmaz
    Đặng Trần | Đặng | Trần
    Bjørn Ødegård | Bjørn | Ødegård
    Guðrún Jónsdóttir | Guðrún | Jónsdóttir
    Ștefan Țîrlea | Ștefan | Țîrlea
    Zoë Clijsters | Zoë | Clijsters
    Björk Fjölnir | Björk | Fjölnir
    Sofia Ester | Sofia | Ester
    Xi Li | Xi | Li
    Charlotte Church | Charlotte | Church
    Meier, Eva | Eva | Meier
    Meier,Eva | Eva | Meier
    MEIER, Eva | Eva | MEIER
    Huber, Eva Maria | Eva Maria | Huber
    von der Leyen, Ursula | Ursula | von der Leyen
    Van den Berg, Jan | Jan | Van den Berg
    de Boer, Jan | Jan | de Boer
    Meier-Huber, Eva | Eva | Meier-Huber
    O'Brien, Sean | Sean | O'Brien
    Dr. Anna Maier | Anna | Maier
    DR ANNA MEIER | ANNA | MEIER
    Prof. Dr. Anna Meier | Anna | Meier
    Prof.in Dr.in Anna Maier | Anna | Maier
    Univ.-Prof. Dr. rer. nat. Eva Huber | Eva | Huber
    Mag.a Eva Gruber | Eva | Gruber
    Frau Anna Meier | Anna | Meier
    Mrs. Jane Doe | Jane | Doe
    Mme Marie Curie | Marie | Curie
    M. Jean Dupont | Jean | Dupont
    Sig.ra Maria Rossi | Maria | Rossi
    Jane Doe, PhD | Jane | Doe
    John Smith, MD | John | Smith
    Martin Luther King, Jr. | Martin | Luther King
"""
WHOLE = """
    Anna
    Groß
    Univ.-Prof.in Eva Gruber
    Anna Maier, Kassierin
    Maier, Kassierin
    Vereinskasse, 2. Stock
    2. Vorsitzender
    c/o Eva Maier
    1. FC Neustadt
    ד"ר דנה כהן
    السيد أحمد علي
    دکتر رضا احمدی
    ดร. สมชาย ใจดี
    श्री राम शर्मा
    Bapak Budi Santoso
    山田 太郎
    김 철수
    Иванов Иван Иванович
    Иван Петров
    Γιώργος Παπάς
    Jane Doe MA
    King, Jr.
    King, Martin Luther, Jr.
    Frau Netz
    Herr Huber
    Familie Huber
    Herr und Frau Meier
    Mr & Mrs Smith
    Dr. Meier
    Dr.Anna Meier
    General Motors Europe
    Familie Anna Huber
    Fam. Anna Huber
    Dipl.-Ing. (FH) Bo Berg
    Meier, Dr. Anna
    M. Dupont
    z. Hd. Frau Anna Meier
    Pastor Lindner
    Phil de Boer
    Phil Huber
    Steffi Graf
    Dean Martin
    Yo-Yo Ma
    Eva Bank
    Max Hotel
    Berta von Sydow
    von Goethe
    Van Morrison
    Hans Peter Huber
    Gabriel García Márquez
    García Márquez, Gabriel
    José Ortega y Gasset
    Nguyễn Văn An
    J. Edgar Hoover
    J.R.R. Tolkien
    Smith, J.
    DUPONT Marie
    AJ Meier
    Marie DUPONT
    Eva & Hans Meier
    Eva und Hans
    Anna u. Peter Schulz
    Schulz, Anna u. Peter
    Ana y Juan Pérez
    Eva/Hans Lang
    Meier, Huber & Co. KG
    Meier, Huber & Schmidt
    Smith, Inc.
    Acme, Ltd.
    Rossi, S.p.A.
    Siemens AG
    BMW AG
    Bäckerei Meier
    Bäckerei Meier GmbH
    Turnverein Ulm
    Turnverein Ulm e. V.
    Deutsche Bahn
    Rotes Kreuz
    Freiwillige Feuerwehr
    Stadt Köln
    Stadt Köln, Ordnungsamt
    Museum Ludwig, Köln
    Grundschule Süd
    Café Central
    Team Vorstand
    Info Büro
    Hall 3, Gate 2
    Jörg Böhm (Extern)
    Anna Meier [Kasse]
    "Anna Meier"
    Anna "Anni" Meier
    Anna Meier*
    anna.meier@example.org
    Anna3 Meier
    R2 D2
    L'Oréal Paris
    Jean-Luc B
    Die Grünen
    La Rocca
    #N/A
    Müller–Huber Eva
"""


@pytest.mark.parametrize("line", CERTAIN.strip().splitlines())
def test_two_plain_words_are_the_first_and_the_last_name(line: str) -> None:
    name, first, last = (part.strip() for part in line.split(" | "))
    assert parts_of(name) == (first, last)
    assert not any(isinstance(part, WholeName) for part in parts_of(name))


@pytest.mark.parametrize("name", [line.strip() for line in WHOLE.strip().splitlines()])
def test_any_other_name_is_the_whole_name(name: str) -> None:
    assert parts_of(name) == (name, name)
    assert all(isinstance(part, WholeName) for part in parts_of(name))


@pytest.mark.parametrize(
    ("name", "last", "parts"),
    [
        ("Eva Bank", "Bank", ("Eva", "Bank")),
        ("Émile Maier, geb. Huber", "Maier, geb. Huber", ("Émile", "Maier, geb. Huber")),
        ("Don Del Monte", "Del Monte", ("Don", "Del Monte")),
        ("Groß", "Groß", ("", "Groß")),
        ("Eva", "", ("Eva", "")),
        ("Thomas Thomas", "Thomas", ("Thomas", "Thomas")),
        ("Evi Kern", "Bank", ("Evi", "Kern")),  # the name was corrected
        ("Eva Burgbank", "bank", ("Eva", "Burgbank")),
    ],
)
def test_a_known_last_name_tells_where_it_begins(
    name: str, last: str, parts: tuple[str, str]
) -> None:
    assert parts_of(name, last) == parts


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Meier, Eva", "Eva Meier"),
        ("von der Leyen, Ursula Gertrud", "Ursula Gertrud von der Leyen"),
        ("Иванова, Анна", "Иванова, Анна"),
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


@given(st.lists(st.sampled_from([*sorted(TITLES | SUFFIXES), "Anna", "&", ",", "(", "x"])))
def test_a_name_has_always_something_to_greet(words: list[str]) -> None:
    first, last = parts_of(" ".join(words))
    assert bool(first) == bool(last) == bool(words)


PERSONS = ("Dr. med.", "Dipl.-Ing.", "Prof. Dr.", "Dott.", "Dott.ssa", "Rev.", "Mr & Mrs", "Frau")
THINGS = ("", "&", "Concert", "Don Giovanni", "Dr. Schiwago", "Family day")


def test_a_title_of_a_person_is_known_and_one_of_a_thing_is_none() -> None:
    assert [text for text in (*PERSONS, "PhD", *THINGS) if is_title(text)] == [*PERSONS, "PhD"]


@pytest.mark.parametrize(
    ("columns", "own", "last"),
    [
        ({"Tussenvoegsel": "van der"}, "Berg", "van der Berg"),
        ({"Voorvoegsel": "in 't"}, "Veld", "in 't Veld"),
        ({"Namenszusatz": "Freiherr von"}, "Ahn", "Freiherr von Ahn"),
        ({"Particule": "d'"}, "Ormesson", "d'Ormesson"),
        ({"Segundo apellido": "López"}, "García", "García López"),
        ({"Apellido 2": "López", "Tussenvoegsel": ""}, "García", "García López"),
        ({"Tussenvoegsel": "dr.", "Titel": "Dr."}, "Berg", "Berg"),
        ({"Tussenvoegsel": "van der"}, "", ""),
        ({"Ort": "Ulm"}, "Berg", "Berg"),
    ],
)
def test_a_last_name_may_be_in_two_columns(columns: dict[str, str], own: str, last: str) -> None:
    beside = NameColumns.of(columns)
    assert beside.last_of(own) == last
    assert beside.own_last_of(last) == own


def test_a_title_is_known_by_its_heading_and_its_words() -> None:
    told = ({"Titel": "Dr. med."}, {"Title 2": "Prof."}, {"Titel": "Faust"}, {"Werk": "Dr."})
    assert [NameColumns.of(each).title for each in told] == ["Dr. med.", "Prof.", "", ""]
