"""Finds the header of a sheet, the names of its columns, and the headings that it knows.

Headings are known in some thirty languages. They are compared in the form of ``plain``: lower
case, without accents and punctuation.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import Target
from desktop.contract.rules.mailbox import LIKE_ADDRESS, contacts_in
from desktop.contract.rules.names import IN_BRACKETS
from desktop.contract.rules.text import plain, trimmed
from desktop.sheets.description import PROBLEM_HEADING, REPORT_HEADINGS
from desktop.sheets.reader.files.cells import Wording, is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from desktop.sheets.reader.files.cells import CellValue

    CellRow = tuple[int, Sequence[CellValue]]


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(word) for word in text.split(","))


HEADERS: Final = {
    Target.NUMBER: _words(
        "no, nr, num, number, id, response id, answer id, antwort id, submission id,"
        "item id, item no, item number, booking no, booking number,"
        "order no, order number, order id, invoice no, invoice number,"
        "ticket no, ticket number, reference no, nummer, buchungsnummer, buchungsnr,"
        "bestellnummer, bestellnr, rechnungsnummer, rechnungsnr, numero, n, n°, №,"
        "numéro de commande, n° de commande, numéro de réservation, número de pedido,"
        "número de reserva, numero ordine, numero prenotazione, bestelnummer, ordernummer,"
        "boekingsnummer, numer, numer zamówienia, nr zamówienia, número do pedido,"
        "número da reserva, bokningsnummer, ordrenummer, bestillingsnummer, číslo, č,"
        "číslo objednávky, numero tilauksen, tilausnumero, broj, broj narudžbe, număr,"
        "număr comandă, sıra no, sipariş no, номер, номер заказа, αριθμός, sorszám,"
        "rendelésszám, 番号, 注文番号, 编号, 订单号, 번호"
    ),
    Target.EMAIL: _words(
        "email, e mail, mail, e mails, emails, email address, e mail address, mail address,"
        "emailaddress, mailaddress, email adresse, e mail adresse, mail adresse, mailadresse,"
        "emailadresse, courriel, adresse mail, adresse email, adresse e mail, adresse courriel,"
        "adresse électronique, mél, correo, correo electrónico, dirección de correo,"
        "dirección de correo electrónico, dirección de email, posta elettronica, indirizzo email,"
        "indirizzo e mail, indirizzo mail, indirizzo di posta elettronica, emailadres, e mailadres,"
        "mailadres, e mail adres, adres email, adres e mail, adres mailowy, poczta elektroniczna,"
        "endereço de email, endereço de e mail, endereço eletrónico, correio eletrónico, epost,"
        "e post, e postadress, epostadress, e postadresse, epostadresse, mejl, mejladress,"
        "mailadress, e mailová adresa, emailová adresa, sähköposti, sähköpostiosoite, netfang,"
        "e pošta, e pošte, email adresa, e mail adresa, adresa e pošte, e naslov,"
        "adresă de email, adresă email, adresă de e mail, e posta, eposta, e posta adresi,"
        "эл почта, электронная почта, почта, адрес электронной почты, имейл, електронна пошта,"
        "пошта, ηλεκτρονικό ταχυδρομείο, ηλεκτρονική διεύθυνση, e mail cím, email cím, drótposta,"
        "surel, alamat email, אימייל, דואר אלקטרוני, البريد الإلكتروني, ایمیل, อีเมล, ईमेल,"
        "メール, メールアドレス, eメール, 电子邮件, 邮箱, 電子郵件, 이메일, 이메일 주소, e pasts,"
        "el paštas, e posti aadress, correu, correu electrònic, thư điện tử,"
        "recipient, to, an, empfänger"
    ),
    Target.FIRST_NAME: _words(
        "first name, firstname, given name, givenname, forename, christian name, vorname, rufname,"
        "vornamen, prénom, prénoms, nombre de pila, primer nombre, nome di battesimo, voornaam,"
        "voornamen, roepnaam, imię, imiona, primeiro nome, nome próprio, förnamn, tilltalsnamn,"
        "fornavn, křestní jméno, krstné meno, etunimi, etunimet, kutsumanimi, eiginnafn, fornafn,"
        "eesnimi, vārds, vardas, osobno ime, prenume, prenumele, önad, ilk ad, ilk isim,"
        "nama depan, שם פרטי, الاسم الأول, نام کوچک, ชื่อจริง, पहला नाम,"
        "keresztnév, utónév, имя отчество, 名, 下の名前, 이름 first, tên"
    ),
    Target.TITLE: _words(
        "title, item, subject, what, event, booking, concert, course, product, article, membership,"
        "betreff, titel, veranstaltung, buchung, konzert, kurs, artikel, produkt, mitgliedschaft,"
        "objet, titre, sujet, événement, réservation, título, asunto, evento, reserva, concierto,"
        "curso, titolo, oggetto, prenotazione, concerto, corso, onderwerp, evenement, boeking,"
        "tytuł, temat, wydarzenie, rezerwacja, assunto, ämne, rubrik, evenemang, bokning, emne,"
        "overskrift, arrangement, booking, předmět, název, akce, rezervace, aihe, otsikko,"
        "tapahtuma, naslov, događaj, subiect, titlu, eveniment, konu, başlık, etkinlik,"
        "тема, заголовок, мероприятие, θέμα, τίτλος, εκδήλωση, tárgy, cím, esemény,"
        "件名, タイトル, イベント, 主题, 제목"
    ),
    Target.NOTE: _words(
        "note, notes, comment, comments, remark, remarks, message, notiz, notizen, anmerkung,"
        "anmerkungen, bemerkung, bemerkungen, kommentar, kommentare, hinweis, hinweise, vermerk,"
        "memo, remarque, remarques,"
        "commentaire, commentaires, nota, notas, observación, observaciones, comentario,"
        "comentarios, osservazione, osservazioni, commento, commenti, annotazioni, opmerking,"
        "opmerkingen, notitie, uwaga, uwagi, notatka, komentarz, observação, observações,"
        "anteckning, anteckningar, anmärkning, bemærkning, bemærkninger, poznámka, poznámky,"
        "merknad, merknader, huomautus, huomautukset, huomio, napomena, napomene, opomba,"
        "observații, mențiuni, not, notlar, açıklama, примечание, примечания, комментарий,"
        "σημείωση, σημειώσεις, παρατηρήσεις, σχόλια, megjegyzés, 備考, メモ, 备注, 비고"
    ),
    Target.SEND_AT: _words(
        "send at, send on, send time, sendat, senden am, senden um, versenden am, sendezeit,"
        "envoyer le, enviar el, enviar en, invia il, inviare il, verzenden op, verzend op,"
        "wyślij, wyślij o, enviar em, skicka, skickas, skicka den, send den, sendes den, odeslat,"
        "odeslat dne, lähetä, pošalji, trimite la, gönder, отправить, küldés ideje, 送信日時"
    ),
    Target.ATTACHMENT: _words(
        "attachment, attachments, file, files, file name, filename, attached file, anhang, anhänge,"
        "anlage, anlagen, datei, dateien, dateiname, pièce jointe, pièces jointes, fichier,"
        "fichiers, adjunto, adjuntos, archivo, archivos, archivo adjunto, allegato, allegati,"
        "bijlage, bijlagen, bestand, załącznik, załączniki, plik, anexo, anexos, bilaga, bilagor,"
        "vedhæftning, vedhæftet fil, bilag, příloha, přílohy, soubor, vedlegg, liite, liitteet,"
        "privitak, prilog, prilozi, atașament, ek, ekler, dosya, вложение, вложения, файл,"
        "συνημμένο, συνημμένα, αρχείο, melléklet, fájl, 添付, 添付ファイル, 附件, 첨부"
    ),
}  # fmt: skip
"""A date of dispatch is none of ``SEND_AT``: a shop means the parcel."""

_INTERNAL: Final = _words(
    "intern, interne, interner, internes, internal, internally, interno, interna, interni,"
    "inwendig, wewnętrzne, wewnętrzna, interní, vertraulich, confidential, confidentiel,"
    "confidentielle, confidencial, riservato, vertrouwelijk, poufne, fortroligt, konfidentiellt"
)
_REMARKS: Final = (
    HEADERS[Target.NOTE] - _words("message, note, nota, notas, not, hinweis")
) | _words("bem, bemerk, anm, anmerk, rem, obs, opm, uw, pozn, прим, wiedervorlage")
"""Words, and short forms of them, that also make a longer heading one of remarks."""
_FOR_OFFICE: Final = re.compile(
    r"to do|.*\b(?:(?:office|internal) use|(?:staff|office|admin|board) only"
    r"|nur (?:fur )?(?:den |das |die )?(?:vorstand|buro|verwaltung|kassier))\b.*"
)
_GERMAN_REMARK: Final = re.compile(r"\w+(?:bemerkung|notiz|vermerk|kommentar)(?:en|e)?")


def is_remark(heading: str) -> bool:
    """Tell whether a heading, in the form of ``plain``, is that of remarks.

    They are mostly not meant for the recipient.
    """
    words = heading.split()
    if heading in HEADERS[Target.NOTE] or _FOR_OFFICE.fullmatch(heading):
        return True
    return any(
        word in _INTERNAL or word in _REMARKS or _GERMAN_REMARK.fullmatch(word) for word in words
    )


_AMOUNTS: Final = _words(
    "amount, price, fee, fees, total, sum, cost, costs, due, balance, donation, contribution, dues,"
    "betrag, preis, gebühr, beitrag, summe, gesamt, kosten, saldo, spende, brutto, netto, entgelt,"
    "montant, prix, tarif, cotisation, somme, coût, solde, don, importe, precio, cuota, tarifa,"
    "coste, importo, prezzo, quota, costo, totale, bedrag, prijs, contributie, kwota, cena, suma,"
    "opłata, składka, valor, preço, montante, belopp, pris, avgift, summa, beløb, gebyr,"
    "kontingent, částka, poplatek, hinta, maksu, iznos, cijena, preț, sumă, tutar, fiyat, сумма,"
    "цена, ποσό, τιμή, összeg, ár, eur, euro, euros, chf, sek, nok, dkk, pln, czk"
)
_GERMAN_AMOUNT: Final = re.compile(r"\w+(?:betrag|preis|gebuhr|beitrag|kosten|summe)")


def is_amount(heading: str) -> bool:
    """Tell whether a heading, in the form of ``plain``, is that of amounts of money."""
    return any(word in _AMOUNTS or _GERMAN_AMOUNT.fullmatch(word) for word in heading.split())


_TIMESTAMPS: Final = _words(
    "timestamp, zeitstempel, horodateur, marca temporal, informazioni cronologiche,"
    "tijdstempel, sygnatura czasowa, carimbo de data hora, tidsstämpel, tidsstempel"
)
_EXPORTS: Final = (
    (
        _words("e mail type, e mail typ, e mail display name, e mail angezeigter name"),
        _words(
            "e mail type, e mail display name, e mail 2 type, e mail 2 display name, e mail 3 type,"
            "e mail 3 display name, initials, gender, priority, private, sensitivity, account,"
            "directory server, internet free busy, mileage, organizational id number,"
            "billing information, categories, e mail typ, e mail angezeigter name, e mail 2 typ,"
            "e mail 2 angezeigter name, e mail 3 typ, e mail 3 angezeigter name, initialen,"
            "geschlecht, priorität, privat, vertraulichkeit, konto, verzeichnisserver,"
            "internet frei gebucht, reisekilometer, organisationsnr, abrechnungsinformation,"
            "kategorien"
        ),
    ),
    (
        _words("completion time, fertigstellungszeit, heure de fin, hora de finalización"),
        _words(
            "id, start time, completion time, last modified time, startzeit, fertigstellungszeit,"
            "zeitpunkt der letzten änderung, heure de début, heure de fin,"
            "heure de la dernière modification, hora de inicio, hora de finalización,"
            "hora de la última modificación, language, sprache, langue, idioma"
        ),
    ),
    (_TIMESTAMPS, _TIMESTAMPS),
    (
        _words(
            "submission id, respondent id, response id, entry id, network id, user agent,source url"
        ),
        _words(
            "submission id, respondent id, response id, entry id, network id, collector id, #, ip,"
            "ip address, user ip, user agent, source url, referrer, referer, browser, submitted at,"
            "submission date, submission time, submit date utc, start date utc, stage date utc,"
            "response type, utm source, utm medium, utm campaign, utm content, utm term, gclid,"
            "hidden, hidden field, hidden token, token"
        ),
    ),
    (
        _words("lineitem name"),
        _words(
            "id, financial status, fulfillment status, accepts marketing, risk level, source, tags,"
            "vendor, note attributes, employee, location, device id, payment id, receipt number,"
            "payment reference, payment references, outstanding balance, lineitem sku,"
            "lineitem requires shipping, lineitem taxable, lineitem fulfillment status,"
            "lineitem compare at price, next payment due at, payment terms name"
        ),
    ),
    (
        _words("euid"),
        _words(
            "member rating, optin time, optin ip, confirm time, confirm ip, latitude, longitude,"
            "gmtoff, dstoff, timezone, cc, region, last changed, leid, euid, tags"
        ),
    ),
)
"""Headings by which the exports of Outlook, forms, shops and newsletters are known, and the columns
that these programs add for themselves."""


def technical(headings: Collection[str]) -> frozenset[str]:
    """Return those of a sheet's headings that a program has for itself, not for recipients.

    They are in the form of ``plain``.
    """
    known = [words for signs, words in _EXPORTS if not signs.isdisjoint(headings)]
    return frozenset(headings) & frozenset().union(*known)


def added_by_report(headers: Sequence[str]) -> set[int]:
    """Return the columns that a report has added; a report on a report adds a number to them."""
    known = {PROBLEM_HEADING, *(REPORT_HEADINGS if REPORT_HEADINGS[0] in headers else ())}
    return {at for at, header in enumerate(headers) if header.rstrip(" 0123456789") in known}


SURNAMES: Final = _words(
    "last name, lastname, surname, family name, familyname, nachname, familienname, zuname,"
    "nom de famille, apellido, apellidos, primer apellido, cognome, achternaam, familienaam,"
    "nazwisko, sobrenome, apelido, apelidos, último nome, efternamn, efternavn, etternavn,"
    "příjmení, priezvisko, sukunimi, eftirnafn, perekonnanimi, perenimi, uzvārds, pavardė,"
    "prezime, priimek, nume de familie, numele de familie, soyad, soyadı, soyisim, soy isim,"
    "nama belakang, nama keluarga, שם משפחה, اسم العائلة, اللقب, نام خانوادگی, นามสกุล, उपनाम,"
    "фамилия, прізвище, επώνυμο, επίθετο, vezetéknév, családnév, cognoms, 姓, 名字, 苗字, 성, họ"
)
"""Headings of last names."""
FULL_NAMES: Final = _words(
    "full name, fullname, name and surname, first and last name, first name and last name,"
    "attendee name, participant name, guest name, display name, billing name,"
    "teilnehmername, gastname, kundenname, mitgliedsname, kontaktname, käufername, anzeigename,"
    "name des teilnehmers, name der teilnehmerin, name des mitglieds, name des kunden,"
    "nom du client, nom du participant, nombre del cliente, nombre del participante,"
    "member name, recipient name, name und vorname, name vorname, nachname vorname,"
    "vorname nachname, vorname und nachname, vorname name, vorname und name, cognome nome,"
    "cognome e nome, apellidos y nombre, nazwisko i imię, naam en voornaam, contact name,"
    "customer name, vollständiger name, vor und nachname, vor und zuname, ganzer name,"
    "nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom, nombre completo,"
    "nombre y apellidos, nombre y apellido, nome completo, nome e cognome, nome cognome,"
    "volledige naam, contactpersoon, ansprechpartner, imię i nazwisko, imię nazwisko, pełna nazwa,"
    "nome e apelido, nome e sobrenome, fullständigt namn, för och efternamn, fulde navn,"
    "fullt navn, for og etternavn, for og efternavn, jméno a příjmení, celé jméno,"
    "meno a priezvisko, koko nimi, etu ja sukunimi, nimi ja sukunimi, fullt nafn,"
    "täisnimi, ees ja perekonnanimi, vārds uzvārds, vardas pavardė, vardas ir pavardė,"
    "ime i prezime, prezime i ime, puno ime, ime in priimek, nume complet, nume și prenume,"
    "nume prenume, prenume și nume, ad soyad, adı soyadı, ad soyadı, isim soyisim, tam ad,"
    "фио, ф и о, полное имя, имя и фамилия, фамилия имя, фамилия и имя, фамилия имя отчество,"
    "піб, ім'я та прізвище, име и фамилия, ονοματεπώνυμο, πλήρες όνομα, teljes név,"
    "nama lengkap, שם מלא, الاسم الكامل, نام و نام خانوادگی, ชื่อ นามสกุล, पूरा नाम,"
    "氏名, お名前, 姓名, フルネーム, 성명, họ tên, họ và tên, nom i cognoms"
)
PEOPLE: Final = _words(
    "attendee, contact, customer, member, participant, guest, kontakt, kunde, kundin, mitglied,"
    "teilnehmer, teilnehmerin, gast, contacto, cliente, socio, socia, membre, adhérent, client,"
    "invité, contatto, membro, ospite, klant, lid, deelnemer, klient, członek, uczestnik, medlem,"
    "deltagare, deltager, asiakas, jäsen, osallistuja, član, gost, membru, participant, üye,"
    "müşteri, участник, клиент, член, гость, μέλος, πελάτης, tag, résztvevő, ügyfél, 会員, 参加者,"
    "recipient, addressee, empfänger, empfängerin, adressat, destinataire, destinatario,"
    "destinatário, ontvanger, odbiorca, mottagare, modtager, mottaker, příjemce, vastaanottaja,"
    "получатель"
)
"""Headings of people; their values may be names, and may as well be *yes* or a number."""
NAMES: Final = _words(
    "name, names, namen, nom, noms, nombre, nombres, nome, naam, namn, navn, jméno, meno, nimi,"
    "nama, שם, الاسم, اسم, نام, ชื่อ, नाम,"
    "nafn, ime, nume, numele, ad, adı, isim, имя, ім'я, име, όνομα, név, 名前, 이름, 名称"
)
"""Headings of whole names. Beside a column of last names they are first names, and beside a column
of first names they are last names."""
FORM_IDS: Final = _words("id, response id, answer id, antwort id, submission id")
"""Headings of the numbers that a form gives its answers."""
PERSON_NUMBERS: Final = _words(
    "member no, member number, membership no, member id, membership number, customer no,"
    "customer number, customer id, mitgliedsnummer, mitglieds nr, mitgliedsnr, mitglied nr,"
    "kundennummer, kundennr, kunden nr, numéro de membre, numéro d adhérent, n° d adhérent,"
    "n° adhérent, n° de membre, n° client, numéro client, número de socio, no de socio,"
    "número de cliente, numero tessera, numero socio, numero cliente, lidnummer, klantnummer,"
    "nr członkowski, numer członkowski, numer klienta, número do sócio, medlemsnummer, medlemsnr,"
    "kundnummer, kundenummer, členské číslo"
)
"""Headings of numbers of people. They are fields: an item has another number."""
KNOWN: Final = frozenset().union(
    *HEADERS.values(), SURNAMES, FULL_NAMES, PEOPLE, NAMES, PERSON_NUMBERS
)
_BESIDE: Final = _words(
    "billing, shipping, rechnung, rechnungsadresse, lieferung,"
    "lieferadresse, your, ihr, ihre, dein, deine, votre, ton, tu, su,"
    "seu, sua, vostro, tuo, uw, je, jouw, din, twój, primary, main, home, work, personal, privat,"
    "dienstlich, buyer, purchaser, attendee, participant, teilnehmer, guest, gast, contact,"
    "kontakt, customer, kunde, client, member, mitglied, besteller, käufer, ticket, holder,"
    "applicant, respondent, required, pflicht, pflichtfeld, optional, bitte, please, enter, what,"
    "is, s, wie, ist, lautet, value, the, of, person, and, und, hi,"
    "hello, hallo"
)
"""Words beside the name or the address in a heading that do not change its meaning."""
NOT_NAMES: Final = _words(
    "yes, no, y, n, true, false, x, ja, nein, j, wahr, falsch, oui, non, vrai, faux, si, sí, sì,"
    "verdadero, falso, vero, nee, tak, nie, sim, não, verdadeiro, joo, kyllä, ei, da, ne, nu, ano,"
    "evet, hayır, да, нет, ναι, όχι, igen, nem, はい, いいえ, 是, 否, 예, 아니요,"
    "ok, none, n a, na, null, nan, unknown, anonymous, anonym, anonyme, keine, kein, unbekannt,"
    "active, inactive, aktiv, inaktiv, passiv, actif, inactif, activo, inactivo, attivo, inattivo,"
    "aktywny, ativo, member, members, mitglied, nichtmitglied, vollmitglied, ehrenmitglied,"
    "fördermitglied, guest, gast, adult, child, erwachsen, erwachsener, kind, jugendlich, student,"
    "familie, family, single, einzel, gold, silver, silber, bronze, premium, standard, basic, vip,"
    "new, neu, old, alt, open, offen, closed, paid, unpaid, bezahlt, unbezahlt, confirmed,"
    "pending, cancelled, storniert, bestätigt, phone, telefon, e mail, email, mail, post, brief,"
    "letter, sms, whatsapp, male, female, männlich, weiblich, divers, m, w, f, d"
)
"""Values that are no names of people."""
_PARTS: Final = re.compile(r"[/|\n]")


def readings(heading: str) -> list[str]:
    """Return what a heading may say, the surest first.

    *First Name (Billing)* is also read as *first name*, *Your e-mail* as *e mail*, and *Name / Nom*
    as *name*.
    """
    parts = [heading, IN_BRACKETS.sub(" ", heading), *_PARTS.split(heading)]
    known = dict.fromkeys(map(plain, parts))
    for text in [*known]:
        words = [word for word in text.split() if word not in _BESIDE and not word.isdigit()]
        known.setdefault(" ".join(words))
    return [text for text in known if text]


WIDE_AT: Final = "\uff20"
"""The @ of East Asian keyboards."""
LONGEST: Final = 900
"""Characters of a header; with a number it stays within what a batch takes."""
LOOKED_AT: Final = 60
"""Rows at the top of a sheet in which the header is searched."""
NUMBER: Final = re.compile(r"[+-]?\d[\d .,]*\d|[+-]?\d")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Header:
    """The row of the header, the last one of ``rows``; both are 0 if there is none."""

    row: int = 0
    rows: int = 0


def guess_header(top: Sequence[CellRow]) -> Header:
    """Find the header among a sheet's first rows.

    Titles above the table have only one cell. The first row of the table is its header, unless it
    looks like the rows below. A second row belongs to the header if it fills gaps of the first.
    """
    filled = [(row, cells) for row, cells in top if any(not is_blank(cell) for cell in cells)]
    width = max((_count(cells) for _, cells in filled), default=0)
    table = next(
        (at for at, (_, cells) in enumerate(filled) if _count(cells) >= min(2, width)), None
    )
    if table is None or _is_data(filled[table][1], [cells for _, cells in filled[table + 1 :]]):
        return Header()
    row, cells = filled[table]
    below = filled[table + 1 :]
    if below and below[0][0] == row + 1 and _completes(cells, below[0][1]):
        return Header(row + 1, 2)
    return Header(row, 1)


def header_at(top: Sequence[CellRow], row: int) -> Header:
    """Return the header at a chosen row; with the row above it, if that is also the guess."""
    guessed = guess_header(top)
    return guessed if row == guessed.row else Header(row, 1 if row else 0)


def unique_headers(top: Sequence[CellRow], header: Header, width: int) -> list[str]:
    """Name all columns by header, else by letter; a second *Name* becomes *Name 2*."""
    texts = header_texts(top, header, width)
    names: dict[str, None] = {}
    taken = {text for text in texts if text}
    numbers: Counter[str] = Counter()
    for at, text in enumerate(texts):
        base = name = text or letter(at)
        while name in names or (name in taken and name != text):
            numbers[base] += 1
            name = f"{base} {numbers[base] + 1}"
        names[name] = None
    return list(names)


def header_texts(top: Sequence[CellRow], header: Header, width: int) -> list[str]:
    """Return the header text of each column, or an empty text."""
    rows = dict(top)
    texts = [""] * width
    for row in range(header.row - header.rows + 1, header.row + 1):
        cells = rows.get(row, ())
        is_group = row < header.row
        before = ""
        for at in range(width):
            text = _line(cells[at]) if at < len(cells) else ""
            before = text or (before if is_group else "")
            if before != texts[at]:
                texts[at] = f"{texts[at]} {before}".strip()
    return [text[:LONGEST] for text in texts]


def letter(column: int) -> str:
    """Return the letter of a column, which is counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def is_like_data(cell: CellValue) -> bool:
    """Tell whether a cell is a number, a date or an address, which headers hardly ever are."""
    if not isinstance(cell, str):
        return True
    text = trimmed(cell)
    return has_address(text) or any(pattern.fullmatch(text) for pattern in (NUMBER, _DATE))


def has_address(cell: CellValue) -> bool:
    """Tell whether a cell is an address, or several, however they are written."""
    if not isinstance(cell, str) or ("@" not in cell and WIDE_AT not in cell):
        return False
    cell = cell.replace(WIDE_AT, "@")
    found = contacts_in(cell) or ([] if " " in trimmed(cell) else LIKE_ADDRESS.findall(cell))
    return bool(found)


def _is_data(cells: Sequence[CellValue], below: Sequence[Sequence[CellValue]]) -> bool:
    """Tell whether the first row of a table is data like the rows below it."""
    texts = [cell for cell in cells if not is_blank(cell)]
    if any(map(has_address, texts)):
        return True
    if any(plain(cell) in KNOWN for cell in texts if isinstance(cell, str)):
        return False
    return any(
        is_like_data(cell) and not is_blank(cell) and _mostly_data(below, at)
        for at, cell in enumerate(cells)
    )


def _mostly_data(rows: Sequence[Sequence[CellValue]], at: int) -> bool:
    found = [is_like_data(row[at]) for row in rows if at < len(row) and not is_blank(row[at])]
    return not found or sum(found) * 2 > len(found)


def _completes(above: Sequence[CellValue], cells: Sequence[CellValue]) -> bool:
    """Tell whether a row names columns below a row of group names."""
    texts = [cell for cell in cells if not is_blank(cell)]
    fills_gap = any(
        not is_blank(cell) and (at >= len(above) or is_blank(above[at]))
        for at, cell in enumerate(cells)
    )
    is_named = any(plain(cell) in KNOWN for cell in texts if isinstance(cell, str))
    return fills_gap and is_named and not any(map(is_like_data, texts))


def _count(cells: Sequence[CellValue]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _line(cell: CellValue) -> str:
    return " ".join(trimmed(_CONTROLS.sub(" ", Wording().text(cell))).split())
