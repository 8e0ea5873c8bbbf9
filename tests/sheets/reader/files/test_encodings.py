"""The encoding of a text file is found by its bytes, also where only a few letters tell it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import product

import pytest

from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.encodings import encoding_of

LISTS = {
    "German": ("cp1252", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\nGroß;Am Bühl;Köln\n"),
    "German on a Mac": ("mac_roman", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\n"),
    "several on a Mac": ("mac_roman", "Name;Ort\rJörg;Köln\rZoë;Nîmes\r"),
    "a currency": ("cp1252", "Name|Fee|Town\nAda|£5|London\nBjörn|£3|Malmö\n"),
    "German of DOS": ("cp850", "Nachname;Straße;Ort\nMüller;Königstraße 5;München\n"),
    "€ of Unix": ("iso8859_15", "Name;Betrag;Wort\nJörg Müller;12,50 €;süß\nÄnne Köhl;7 €;Öl\n"),
    "€ of DOS": ("cp858", "Name;Betrag;Wort\nJörg Müller;12,50 €;süß\nÄnne Köhl;7 €;Öl\n"),
    "a few names of DOS": ("cp850", "Name;Ort\nJörg Öz;Ulm\nBo Meier-Groß;Urach\n"),
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


@pytest.mark.parametrize("encoding", ["iso8859_15", "cp858", "mac_roman"])
def test_a_lone_euro_sign_is_shown_for_a_choice(encoding: str) -> None:
    data = "Name;Fee\nAda;12.50 €\nBo;7 €\n".encode(encoding)
    assert encoding_of(io.BytesIO(data)).readings[encoding] == "€"


WORDS = {
    "cp1252 mac_roman cp850": (
        # German, French, Spanish, Portuguese, Swedish, Danish
        "Böhm Jörg Müller Schröder Köln München Größe Weiß Jäger Schäfer Krüger Ärzte Süß Übach",
        "Noël Hélène Lefèvre André Jérôme Besançon Orléans Benoît Zoé Gaëlle Inès Loïc Élodie Île",
        "Begoña Muñoz Ángel José María López Sánchez Pérez Gómez Núñez Óscar Málaga Cádiz Raúl",
        "João Inês Gonçalves Simões Araújo António Luís Júlia Guimarães São Belém Évora Galvão",
        "Åsa Öberg Malmö Håkan Ärlig Västerås Göran Björn Märta Örebro Växjö Umeå Åke Ängelholm",
        "Åse Søren Kjær Århus Bjørn Tønder Ørsted Bæk Køge Næstved Ålborg Ærø Læsø Høj Mærsk",
    ),
    "cp1250 cp852": (
        # Polish, Czech, Hungarian
        "Łukasz Wójcik Łódź Stanisław Żak Poznań Dąbrowski Gdańsk Król Michał Grażyna Źródło Ćwik",
        "Jiří Dvořák Plzeň Tomáš Ústí Novák Černý Kučera Veselý Němec Růžička Beneš Zdeněk Šárka",
        "Győr Pécs Kovács Szabó Tóth Horváth Molnár Németh Takács Oláh Rácz Szűcs Szőke Török Őze",
    ),
    "cp1252 cp850": (
        # Icelandic
        "Guðmundur Þór Sigurðsson Björk Ásta Hafnarfjörður Ísafjörður Þóra Ýmir Eiríkur Höfn",
    ),
    "cp1254": (
        "Yılmaz Ayşe Çağrı Eskişehir Şahin Yıldız Öztürk Doğan Kılıç Çetin Koç Şimşek Iğdır Ümit",
    ),
}
ONE_WORD = [
    (encoding, word)
    for encodings, languages in WORDS.items()
    for encoding in encodings.split()
    for words in languages
    for word in words.split()
]


def file_of(words: Sequence[str], encoding: str) -> tuple[bytes, str]:
    """Give a file in which these are the only words beyond ASCII."""
    plain = "".join(f"p{at}@example.org;Person {at};Town {at}\r\n" for at in range(20))
    text = "E-Mail;Name;Town\r\n" + plain + "".join(f"x@y.org;{word};Rome\r\n" for word in words)
    return text.encode(encoding), text


def test_one_word_is_read_right_or_shown_as_it_is() -> None:
    for encoding, word in ONE_WORD:
        data, text = file_of([word], encoding)
        found = encoding_of(io.BytesIO(data))
        is_right = data.decode(found.name) == text
        assert is_right or word in found.readings.values(), (encoding, word)
        assert found.name == next(iter(found.readings), found.name), (encoding, word)
        assert is_right or encoding != "cp1252", word


@pytest.mark.parametrize("encodings", WORDS)
def test_a_list_of_names_is_read_right(encodings: str) -> None:
    for language, name in product(WORDS[encodings], encodings.split()):
        data, text = file_of(language.split(), name)
        found = encoding_of(io.BytesIO(data))
        assert (data.decode(found.name), found.readings) == (text, {}), name


EASTERN = {
    "cp932": "名前 田中太郎 鈴木花子 佐藤健 高橋 山田さくら 東京都 大阪市 ソフトウェア 原田 小林"
    " 林 スズキ 池田太郎 斎藤陽子 伊藤翔太 吉田美咲",
    "gb18030": "姓名 王伟 李娜 张敏 刘洋 陈静 北京市 上海市 赵磊 黄丽华 欧阳锋 城市 广州",
    "big5": "姓名 陳小明 林美玲 黃志強 張家豪 臺北市 高雄市 吳淑芬 劉德華 蔡英文 城市 王大明 吳涵",
    "euc_kr": "이름 김철수 이영희 박지성 서울특별시 부산 최민수 정수빈 홍길동 강남구 윤아 도시",
}


@pytest.mark.parametrize("encoding", [*EASTERN, "euc_jp"])
def test_east_asian_list_is_shown_for_a_choice(encoding: str) -> None:
    words = EASTERN["cp932" if encoding == "euc_jp" else encoding].split()
    data, _ = file_of(words, encoding)
    assert encoding_of(io.BytesIO(data)).readings[encoding] in words


SCRIPTS = {
    "cp1251": "Анна Иван Сергей Дмитрий Юлия Пётр Яков Мария Ольга Наталья Игорь Щукин Ёлкин Київ",
    "koi8_r": "Анна Иван Сергей Дмитрий Юлия Пётр Яков Мария Ольга Наталья Игорь Щукин Москва",
    "cp866": "Анна Иван Сергей Дмитрий Юлия Мария Ольга Наталья Игорь Щукин Москва Казань",
    "cp1253": "Νίκος Μαρία Γιώργος Δημήτρης Άννα Ελένη Κώστας Σοφία Παύλος Ιωάννης Χρήστος Αθήνα",
    "cp1255": "דוד שרה משה יעקב רחל אברהם מרים יוסף נועה תמר שלום חיים אסתר ירושלים",
    "cp1256": "محمد فاطمة أحمد علي خالد عائشة يوسف مريم إبراهيم حسن ليلى عمر القاهرة",
}


@pytest.mark.parametrize("encoding", SCRIPTS)
def test_one_word_of_another_script_is_read_right_or_shown_as_it_is(encoding: str) -> None:
    for word in SCRIPTS[encoding].split():
        for written in (word, word.upper()):
            data, text = file_of([written], encoding)
            found = encoding_of(io.BytesIO(data))
            shown = found.readings.values()
            assert data.decode(found.name) == text or written in shown, written
            assert found.name == next(iter(found.readings), found.name), written


@pytest.mark.parametrize("encoding", SCRIPTS)
def test_a_few_words_of_another_script_are_read_right(encoding: str) -> None:
    words = SCRIPTS[encoding].split()
    for at in range(len(words) - 2):
        data, text = file_of(words[at : at + 3], encoding)
        assert data.decode(encoding_of(io.BytesIO(data)).name) == text


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
