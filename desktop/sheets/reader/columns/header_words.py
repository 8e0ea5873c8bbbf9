"""The headers by which columns are recognized, in eleven languages.

English, German, French, Spanish, Italian, Dutch, Polish, Portuguese, Swedish, Danish and Czech.
They are in the form of ``plain``.
"""

from __future__ import annotations

from typing import Final

from desktop.sheets.description import Target


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


HEADERS: Final = {
    Target.NUMBER: _words(
        "no, nr, num, number, id, item id, item no, item number, booking no, booking number,"
        "order no, order number, order id, member no, member number, membership no, member id,"
        "membership number, customer no, customer number, customer id, invoice no, invoice number,"
        "ticket no, ticket number, reference no, nummer, mitgliedsnummer,"
        "mitglieds nr, mitgliedsnr, mitglied nr, kundennummer, kundennr, kunden nr, buchungsnummer,"
        "buchungs nr, bestellnummer, bestellnr, rechnungsnummer, rechnungsnr, numero, n, no,"
        "numero de membre, numero d adherent, n d adherent, n adherent, numero de commande,"
        "n de commande, n de membre, n client,"
        "numero de reservation, numero client, numero de socio, no de socio, numero de pedido,"
        "numero de reserva, numero de cliente, numero tessera, numero socio, numero ordine,"
        "numero prenotazione, numero cliente, lidnummer, klantnummer, bestelnummer, ordernummer,"
        "boekingsnummer, numer, nr czlonkowski, numer czlonkowski, numer zamowienia, nr zamowienia,"
        "numer klienta, numero do pedido, numero da reserva, numero do socio, medlemsnummer,"
        "medlemsnr, kundnummer, bokningsnummer, kundenummer, ordrenummer, cislo, c, clenske cislo,"
        "cislo objednavky"
    ),
    Target.EMAIL: _words(
        "email, e mail, mail, e mails, emails, email address, e mail address, mail address,"
        "emailaddress, mailaddress, email adresse, e mail adresse, mail adresse, mailadresse,"
        "emailadresse, courriel, adresse mail, adresse email, adresse e mail, adresse courriel,"
        "adresse electronique, mel, correo, correo electronico, direccion de correo,"
        "direccion de correo electronico, direccion de email, posta elettronica, indirizzo email,"
        "indirizzo e mail, indirizzo mail, indirizzo di posta elettronica, emailadres, e mailadres,"
        "mailadres, e mail adres, adres email, adres e mail, adres mailowy, poczta elektroniczna,"
        "endereco de email, endereco de e mail, endereco eletronico, correio eletronico, epost,"
        "e post, e postadress, epostadress, mejl, mejladress, mailadress, e mailova adresa,"
        "emailova adresa, recipient, to, an, empfanger"
    ),
    Target.FIRST_NAME: _words(
        "first name, firstname, given name, givenname, forename, christian name, vorname, rufname,"
        "vornamen, prenom, prenoms, nombre de pila, primer nombre, nome di battesimo, voornaam,"
        "voornamen, roepnaam, imie, imiona, primeiro nome, fornamn, tilltalsnamn, fornavn,"
        "krestni jmeno"
    ),
    Target.TITLE: _words(
        "title, item, subject, what, event, booking, concert, course, product, article, membership,"
        "betreff, titel, veranstaltung, buchung, konzert, kurs, artikel, produkt, mitgliedschaft,"
        "objet, titre, sujet, evenement, reservation, titulo, asunto, evento, reserva, concierto,"
        "curso, titolo, oggetto, prenotazione, concerto, corso, onderwerp, evenement, boeking,"
        "tytul, temat, wydarzenie, rezerwacja, assunto, amne, rubrik, evenemang, bokning, emne,"
        "overskrift, arrangement, booking, predmet, nazev, akce, rezervace"
    ),
    Target.NOTE: _words(
        "note, notes, comment, comments, remark, remarks, message, notiz, notizen, anmerkung,"
        "anmerkungen, bemerkung, bemerkungen, kommentar, kommentare, hinweis, remarque, remarques,"
        "commentaire, commentaires, nota, notas, observacion, observaciones, comentario,"
        "comentarios, osservazione, osservazioni, commento, commenti, annotazioni, opmerking,"
        "opmerkingen, notitie, uwaga, uwagi, notatka, komentarz, observacao, observacoes,"
        "anteckning, anteckningar, anmarkning, bemaerkning, bemaerkninger, poznamka, poznamky"
    ),
    Target.SEND_AT: _words(
        "send at, send on, send time, send date, sendat, scheduled at, scheduled for, senden am,"
        "senden um, versand am, versenden am, versanddatum, versandzeit, sendezeit, envoyer le,"
        "envoi le, date d envoi, enviar el, fecha de envio, enviar en, invia il, inviare il,"
        "data di invio, data invio, verzenden op, verzend op, verzenddatum, wyslij, wyslij o,"
        "data wysylki, enviar em, data de envio, skicka, skickas, skicka den, send den, sendes den,"
        "odeslat, odeslat dne, datum odeslani"
    ),
    Target.ATTACHMENT: _words(
        "attachment, attachments, file, files, file name, filename, attached file, anhang, anhange,"
        "anlage, anlagen, datei, dateien, dateiname, piece jointe, pieces jointes, fichier,"
        "fichiers, adjunto, adjuntos, archivo, archivos, archivo adjunto, allegato, allegati,"
        "bijlage, bijlagen, bestand, zalacznik, zalaczniki, plik, anexo, anexos, bilaga, bilagor,"
        "vedhaeftning, vedhaeftet fil, bilag, priloha, prilohy, soubor"
    ),
}  # fmt: skip

SURNAMES: Final = _words(
    "last name, lastname, surname, family name, nachname, familienname, zuname, nom de famille,"
    "apellido, apellidos, primer apellido, cognome, achternaam, familienaam, nazwisko, sobrenome,"
    "apelido, apelidos, efternamn, efternavn, prijmeni"
)
"""Headers of last names."""
FULL_NAMES: Final = _words(
    "full name, fullname, name and surname, attendee, attendee name, participant name, guest name,"
    "member name, recipient name, name und vorname, name vorname, nachname vorname,"
    "vorname nachname, vorname und nachname, vorname name, cognome nome, cognome e nome,"
    "apellidos y nombre, nazwisko i imie, naam en voornaam, contact, contact name,"
    "customer, customer name,"
    "member, member name, participant, guest, vollstandiger name, vor und nachname, kontakt,"
    "ansprechpartner, kunde, mitglied, teilnehmer, gast, nom complet, nom et prenom,"
    "prenom et nom, nom prenom, contacto, nombre completo, nombre y apellidos, cliente, socio,"
    "nome completo, nome e cognome, contatto, volledige naam, contactpersoon, klant, lid,"
    "imie i nazwisko, pelna nazwa, klient, nome e apelido, fullstandigt namn, for och efternamn,"
    "fulde navn, jmeno a prijmeni, cele jmeno"
)
NAMES: Final = _words(
    "name, names, namen, nom, noms, nombre, nombres, nome, naam, namn, navn, jmeno"
)
"""Headers of whole names. Beside a column of last names they are first names, and beside a column
of first names they are last names."""
ORDINALS: Final = _words("nr, no, n, num, c, numer, cislo, numero, nummer")
"""Headers that may also be those of a column that counts the rows."""
KNOWN: Final = frozenset().union(*HEADERS.values(), SURNAMES, FULL_NAMES, NAMES)
