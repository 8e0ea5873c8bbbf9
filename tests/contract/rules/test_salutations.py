"""A salutation is in the language of its column, and neutral where the word is not known."""

from __future__ import annotations

import pytest

from desktop.contract.rules.names import parts_of
from desktop.contract.rules.salutations import language_told, own_titles, salutation
from desktop.contract.rules.values import is_kind, salutation_told


@pytest.mark.parametrize(
    ("language", "word", "name", "made"),
    [
        ("de", "Frau", "Ada Berg", "Sehr geehrte Frau Berg"),
        ("de", "Herr ", "Bo Berg", "Sehr geehrter Herr Berg"),
        ("de", "Herrn", "Bo Berg", "Sehr geehrter Herr Berg"),
        ("de", "Familie", "Berg", "Sehr geehrte Familie Berg"),
        ("de", "w", "Ada Berg", "Sehr geehrte Frau Berg"),
        ("de", "männlich", "Bo Berg", "Sehr geehrter Herr Berg"),
        ("de", "Frau Dr.", "Ada Berg", "Sehr geehrte Frau Dr. Berg"),
        ("de", "Frau", "Prof. Dr. Ada Berg", "Sehr geehrte Frau Prof. Dr. Berg"),
        ("de", "Frau Dr.", "Dr. Ada Maria Berg", "Sehr geehrte Frau Dr. Ada Maria Berg"),
        ("de", "Frau", "Frau Netz", "Sehr geehrte Frau Netz"),
        ("de", "Herr", "Berg, Bo", "Sehr geehrter Herr Berg"),
        ("de", "Herr und Frau", "Bo und Ada Berg", "Guten Tag Bo und Ada Berg"),
        ("de", "Divers", "Kim Berg", "Guten Tag Kim Berg"),
        ("de", "Firma", "Berg GmbH", "Guten Tag Berg GmbH"),
        ("de", "", "Ada Berg", "Guten Tag Ada Berg"),
        ("de", "Frau", "", "Guten Tag"),
        ("en", "Ms", "Ada Berg", "Dear Ms Berg"),
        ("en", "Mrs.", "Ada Berg", "Dear Mrs Berg"),
        ("en", "Mr.", "Bo Berg", "Dear Mr Berg"),
        ("en", "Family", "Berg", "Dear Berg family"),
        ("en", "Mx", "Kim Berg", "Hello Kim Berg"),
        ("fr", "Mme", "Ada Berg", "Bonjour Madame Berg"),
        ("fr", "M.", "Bo Berg", "Bonjour Monsieur Berg"),
        ("fr", "", "Ada Berg", "Bonjour Ada Berg"),
        ("es", "Sra.", "Ada Berg", "Estimada Sra. Berg"),
        ("es", "Señor", "Bo Berg", "Estimado Sr. Berg"),
        ("es", "?", "Bo Berg", "Buenos días Bo Berg"),
        ("nl", "Mevr.", "Ada Berg", "Geachte mevrouw Berg"),
        ("nl", "de heer", "Bo Berg", "Geachte heer Berg"),
        ("nl", "De heer", "Bo Berg", "Geachte heer Berg"),
        ("nl", "DE  HEER dr.", "Bo Berg", "Geachte heer dr. Berg"),
        ("nl", "De heer / Mevrouw", "Bo Berg", "Goedendag Bo Berg"),
        ("nl", "", "Bo Berg", "Goedendag Bo Berg"),
        ("de", "An Herrn", "Bo Berg", "Sehr geehrter Herr Berg"),
        ("es", "La Sra.", "Ada Berg", "Estimada Sra. Berg"),
        ("de", "Frau Dr. med.", "Ada Berg", "Sehr geehrte Frau Dr. med. Berg"),
        ("en", "Ms Dr.", "Ada Berg", "Dear Dr. Berg"),
        ("en", "Prof", "Ada Berg", "Hello Ada Berg"),
        ("fi", "Frau", "Ada Berg", "Dear Ms Berg"),
    ],
)
def test_a_person_is_addressed_by_the_word_and_the_last_name(
    language: str, word: str, name: str, made: str
) -> None:
    assert salutation(word, language, name, parts_of(name)[1]) == made


@pytest.mark.parametrize(
    ("language", "word", "title", "made"),
    [
        ("de", "Frau", "Dr.", "Sehr geehrte Frau Dr. Berg"),
        ("de", "Herr", "Prof. Dr. med.", "Sehr geehrter Herr Prof. Dr. Berg"),
        ("de", "Frau", "Mag.a (FH)", "Sehr geehrte Frau Mag.a Berg"),
        ("de", "Familie", "Dr.", "Sehr geehrte Familie Dr. Berg"),
        ("de", "Frau Dr.", "Dr.", "Sehr geehrte Frau Dr. Berg"),
        ("de", "Herr", "MBA", "Sehr geehrter Herr Berg"),
        ("de", "", "Dr.", "Guten Tag Ada Berg"),
        ("en", "Ms", "Dr", "Dear Dr Berg"),
        ("en", "Mrs", "Prof. Dr.", "Dear Prof. Berg"),
        ("en", "Ms", "Dipl.-Ing.", "Dear Ms Berg"),
        ("en", "Family", "Dr", "Dear Berg family"),
        ("fr", "Mme", "Dr", "Bonjour Docteur Berg"),
        ("fr", "M.", "Me", "Bonjour Maître Berg"),
        ("es", "Sra.", "Dra.", "Estimada Dra. Berg"),
        ("es", "Sr.", "Prof. Dr.", "Estimado Prof. Berg"),
        ("nl", "Mevrouw", "prof. dr.", "Geachte mevrouw Berg"),
    ],
)
def test_a_title_beside_the_word_is_said_as_the_language_says_it(
    language: str, word: str, title: str, made: str
) -> None:
    assert salutation(word, language, "Ada Berg", "Berg", title) == made


def test_a_title_in_a_column_has_no_word_and_no_suffix() -> None:
    told = ("Dr. med., MBA", "Frau Dr.", "Mx", "M.A.", "Faust")
    assert [own_titles(text) for text in told] == ["Dr. med.", "Dr.", "", "", ""]


def test_without_a_last_name_the_salutation_is_neutral() -> None:
    assert salutation("Frau", "de", "Eva", "") == "Guten Tag Eva"


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ("Frau, Herr", "de"),
        ("Frau, Divers", "de"),
        ("Herr, Familie", "de"),
        ("Mr, Mrs", "en"),
        ("Mme, M.", "fr"),
        ("Sr., Sra.", "es"),
        ("Dhr., Mevr.", "nl"),
        ("De heer, Mevrouw", "nl"),
        ("m, w", ""),
        ("m, w, d", ""),
        ("male, female", ""),
        ("M, L, S", None),
        ("M", None),
        ("Familie, Einzel", None),
        ("Rot, Blau", None),
    ],
)
def test_the_words_of_a_column_tell_its_language(texts: str, language: str | None) -> None:
    assert language_told(texts.split(", ")) == language


def test_the_kind_of_a_salutation_is_a_text_with_its_language() -> None:
    kinds = ("text", "text de", "text xx", "number 0.00", "date de")
    assert [is_kind(code) for code in kinds] == [True, True, False, True, False]
    assert [salutation_told(code) for code in ("text", "number 0")] == [None, None]
    told = salutation_told("text de")
    assert told is not None
    assert str(told) == "de"


def test_a_kind_has_the_salutations_that_are_chosen_for_other_words() -> None:
    code = "text de 1=man&Herr+%26+Frau=family"
    told = salutation_told(code)
    assert told is not None
    assert f"text {told}" == code
    made = [
        salutation(told.word(word), told.language, "Kim Berg", "Berg")
        for word in ("1", "1 ", "Herr & Frau", "Frau", "3")
    ]
    assert made == [
        *["Sehr geehrter Herr Berg"] * 2,
        *["Sehr geehrte Familie Berg", "Sehr geehrte Frau Berg", "Guten Tag Kim Berg"],
    ]
    wrong = ("text de 1=boss", "text de 1", "text 1=man", "date de 1=man")
    assert not any(is_kind(each) for each in wrong)
