"""The encoding of a text file is found by its bytes, also where only a few letters tell it."""

from __future__ import annotations

import io

import pytest

from desktop.sheets import SheetError, SheetFault
from desktop.sheets.reader.files.encodings import encoding_of

LISTS = {
    "German": ("cp1252", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\nGroß;Am Bühl;Köln\n"),
    "German on a Mac": ("mac_roman", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\n"),
    "German of DOS": ("cp850", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\n"),
    "English": ("cp1252", "Name;Fee;Note\nAda;€ 12;“new” – really\n"),
    "French": ("cp1252", "Nom;Prénom;Ville\nLefèvre;Hélène;Orléans\nDupont;Jérôme;Besançon\n"),
    "one French name": ("cp1252", "Nom;Ville\nLefèvre;Paris\n"),
    "Spanish": ("cp1252", "Nombre;Apellidos\nBegoña;Muñoz Ibáñez\nÁngel;Peña\n"),
    "Italian": ("cp1252", "Nome;Città\nNiccolò;Forlì\nJosè;Cantù\n"),
    "Dutch": ("latin-1", "Naam;Plaats\nZoë;Coëvorden\nRené;Sint-Oedenrode\n"),
    "Swedish": ("cp1252", "Namn;Ort\nÅsa Öberg;Malmö\nHåkan Ärlig;Västerås\n"),
    "Danish": ("cp1252", "Navn;By\nSøren Kjær;Århus\nBjørn;Tønder\n"),
    "Polish": ("cp1250", "Imię;Nazwisko;Miasto\nŁukasz;Wójcik;Łódź\nStanisław;Żak;Poznań\n"),
    "Polish of Unix": ("iso8859_2", "Imię;Nazwisko\nŁukasz;Wójcik\nStanisław;Dąbrowski\nIga;Żak\n"),
    "Czech": ("cp1250", "Jméno;Příjmení;Město\nJiří;Novák;Plzeň\nTomáš;Dvořák;Ústí\n"),
    "Turkish": ("cp1254", "Ad;Şehir\nAyşe;İstanbul\nÇağrı;Eskişehir\n"),
    "Greek": ("cp1253", "Όνομα;Πόλη\nΓιώργος;Αθήνα\nΜαρία;Θεσσαλονίκη\n"),
    "Russian": ("cp1251", "Имя;Фамилия\nИван;Петров\nАнна;Сидорова\n"),
    "Japanese": ("cp932", "名前;都市\n田中太郎;東京\n鈴木花子;大阪\n"),
    "with a mark": ("utf-8-sig", "Name\nMüller\n"),
    "UTF-8": ("utf-8", "Name\nMüller\n"),
    "UTF-16": ("utf-16", "Name;Ort\nMüller;Łódź\n"),
    "UTF-16 without a mark": ("utf-16-be", "Name;Ort\nMüller;Köln\n"),
}


@pytest.mark.parametrize(("encoding", "text"), LISTS.values(), ids=LISTS)
def test_a_short_list_reads_as_it_was_written(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    found = encoding_of(io.BytesIO(data))
    assert data[len(found.bom) :].decode(found.name) == text


def test_a_chosen_encoding_is_taken() -> None:
    assert encoding_of(io.BytesIO("Müller".encode("cp1250")), "CP1250").name == "cp1250"
    for unknown in ("klingon", "rot13", "base64", "a\0", ""):
        with pytest.raises(SheetError) as caught:
            encoding_of(io.BytesIO(b"x"), unknown)
        assert caught.value.fault is SheetFault.WRONG_ENCODING


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\1\2\3\4" * 99, b"\0" * 4096])
def test_bytes_are_no_text(data: bytes) -> None:
    with pytest.raises(SheetError) as caught:
        encoding_of(io.BytesIO(data))
    assert caught.value.fault is SheetFault.NOT_TEXT


def test_a_few_wrong_bytes_in_utf_8_are_said_and_not_guessed_over() -> None:
    data = ("Müller, Groß, Köln, Łódź\n" * 50).encode() + b"B\xfchl\n"
    with pytest.raises(SheetError) as caught:
        encoding_of(io.BytesIO(data))
    assert caught.value.data == {"encoding": "utf-8"}
