"""Which cells say that a person wants no e-mail, in the languages in which sheets are read."""

from __future__ import annotations

import pytest

from desktop.contract.rules.opt_outs import opts_out


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Status", "unsubscribed"),
        ("E-Mail-Status", "Abgemeldet"),
        ("Newsletter", "abgemeldet"),
        ("Newsletter", "nein"),
        ("Newsletter erwünscht?", "Nein"),
        ("Kein Mailing", "ja"),
        ("keine E-Mails", "x"),
        ("Möchte keinen Newsletter mehr", "ja"),
        ("Kein Newsletter", "✓"),
        ("Bitte nicht anschreiben", "1"),
        ("Werbesperre", "WAHR"),
        ("Widerspruch Newsletter", "03.01.2026"),
        ("Abgemeldet am", "2026-01-03"),
        ("Einwilligung E-Mail", "nein"),
        ("Do not contact", "1"),
        ("Do Not Email", "Yes"),
        ("NO BULK EMAILS (User Opt Out)", "1"),
        ("Opt-out", "yes"),
        ("Opted Out", "TRUE"),
        ("Unsubscribed from all email", "true"),
        ("UNSUB_TIME", "2026-01-03 10:11:12"),
        ("Email Marketing Consent", "no"),
        ("Email Opt Out", "1"),
        ("HasOptedOutOfEmail", "true"),
        ("E-Mail-Werbung", "nein"),
        ("Kontakt per E-Mail", "nein"),
        ("Mailing consent", "withdrawn"),
        ("Ne souhaite pas recevoir de mails", "x"),
        ("Mailingliste", "nein"),
        ("Opt-in", "No"),
        ("subscribed", "0"),
        ("status", "blocklisted"),
        ("Désinscrit", "oui"),
        ("Ne pas contacter", "Oui"),
        ("Pas de newsletter", "x"),
        ("Statut", "Désabonnée"),
        ("Newsletter", "non"),
        ("No contactar", "sí"),
        ("Estado", "dado de baja"),
        ("Baja", "sí"),
        ("Boletín", "no"),
        ("Geen mailing", "ja"),
        ("Niet mailen", "ja"),
        ("Status", "uitgeschreven"),
        ("Nieuwsbrief", "nee"),
        ("Opmerking", "niet mailen"),
        ("Newsletter / Nieuwsbrief", "nee"),
    ],
)
def test_a_cell_that_refuses_e_mail_is_known(heading: str, text: str) -> None:
    assert opts_out(heading, text)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Status", "active"),
        ("Status", "subscribed"),
        ("Mitgliedsstatus", "gekündigt"),
        ("Zahlungsstatus", "offen"),
        ("Payment status", "no"),
        ("Bezahlt", "nein"),
        ("Newsletter", "ja"),
        ("Newsletter", ""),
        ("Newsletter", "angemeldet"),
        ("Kein Mailing", "nein"),
        ("Kein Mailing", "FALSE"),
        ("Do not contact", "0"),
        ("Do not contact", " "),
        ("Opt-out", "no"),
        ("Opt-out", "-"),
        ("Opt-in", "yes"),
        ("Opt-in date", "2026-01-03"),
        ("Unsubscribe link", "https://example.org/u/1"),
        ("Newsletter ID", "0"),
        ("Newsletter gesendet", "nein"),
        ("Mailing 2025", "nein"),
        ("Kein Newsletter bis", "31.12.2026"),
        ("Désinscrit", "non"),
        ("No. of mailings", "3"),
        ("Nummer", "1"),
        ("Einwilligung Foto", "nein"),
        ("SMS Opt Out", "yes"),
        ("Versand", "nein"),
        ("E-Mail 2", "nein"),
        ("Mail", "nein"),
        ("Abo", "nein"),
        ("Nachname", "Abmeldung"),
        ("Fecha de baja", "2026-01-03"),
        ("Anmeldung", "nein"),
        ("E-Mail", "no@example.org"),
        ("Bemerkung", "hat sich abgemeldet und wieder angemeldet, bitte anschreiben"),
    ],
)
def test_a_cell_that_says_something_else_is_not(heading: str, text: str) -> None:
    assert not opts_out(heading, text)
