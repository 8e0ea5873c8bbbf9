"""The names of months and days, in the system's language and in those that formats ask for."""

from __future__ import annotations

import calendar
from typing import Final, NamedTuple


class Names(NamedTuple):
    """The names of months from January on and of days from Monday on, whole and short."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    short_months: tuple[str, ...]
    short_days: tuple[str, ...]

    @classmethod
    def of_process(cls) -> Names:
        """Return the names in the locale of this process."""
        months, short = tuple(calendar.month_name)[1:], tuple(calendar.month_abbr)[1:]
        return cls(months, tuple(calendar.day_name), short, tuple(calendar.day_abbr))


def _names(*lines: str) -> Names:
    return Names(*(tuple(line.split()) for line in lines))


LANGUAGES: Final = {
    "en": _names(
        "January February March April May June July August September October November December",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Mon Tue Wed Thu Fri Sat Sun",
    ),
    "da": _names(
        "januar februar marts april maj juni juli august september oktober november december",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
        "man. tirs. ons. tors. fre. lør. søn.",
    ),
    "de": _names(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "Mo Di Mi Do Fr Sa So",
    ),
    "es": _names(
        "enero febrero marzo abril mayo junio julio agosto"
        " septiembre octubre noviembre diciembre",
        "lunes martes miércoles jueves viernes sábado domingo",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "lun mar mié jue vie sáb dom",
    ),
    "fi": _names(
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta"
        " syyskuuta lokakuuta marraskuuta joulukuuta",
        "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        "ma ti ke to pe la su",
    ),
    "fr": _names(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "lun. mar. mer. jeu. ven. sam. dim.",
    ),
    "hu": _names(
        "január február március április május június július augusztus"
        " szeptember október november december",
        "hétfő kedd szerda csütörtök péntek szombat vasárnap",
        "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
        "H K Sze Cs P Szo V",
    ),
    "it": _names(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto"
        " settembre ottobre novembre dicembre",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "lun mar mer gio ven sab dom",
    ),
    "nb": _names(
        "januar februar mars april mai juni juli august september oktober november desember",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "jan feb mar apr mai jun jul aug sep okt nov des",
        "man. tir. ons. tor. fre. lør. søn.",
    ),
    "nl": _names(
        "januari februari maart april mei juni juli augustus"
        " september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "ma di wo do vr za zo",
    ),
    "pl": _names(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia"
        " września października listopada grudnia",
        "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        "pon. wt. śr. czw. pt. sob. niedz.",
    ),
    "pt": _names(
        "janeiro fevereiro março abril maio junho julho agosto"
        " setembro outubro novembro dezembro",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        "seg. ter. qua. qui. sex. sáb. dom.",
    ),
    "ro": _names(
        "ianuarie februarie martie aprilie mai iunie iulie august"
        " septembrie octombrie noiembrie decembrie",
        "luni marți miercuri joi vineri sâmbătă duminică",
        "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec.",
        "lun. mar. mie. joi vin. sâm. dum.",
    ),
    "sk": _names(
        "januára februára marca apríla mája júna júla augusta"
        " septembra októbra novembra decembra",
        "pondelok utorok streda štvrtok piatok sobota nedeľa",
        "jan feb mar apr máj jún júl aug sep okt nov dec",
        "po ut st št pi so ne",
    ),
    "sv": _names(
        "januari februari mars april maj juni juli augusti september oktober november december",
        "måndag tisdag onsdag torsdag fredag lördag söndag",
        "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
        "mån tis ons tors fre lör sön",
    ),
    "tr": _names(
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
        "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
        "Pzt Sal Çar Per Cum Cmt Paz",
    ),
    "cs": _names(
        "ledna února března dubna května června července srpna září října listopadu prosince",
        "pondělí úterý středa čtvrtek pátek sobota neděle",
        "led úno bře dub kvě čvn čvc srp zář říj lis pro",
        "po út st čt pá so ne",
    ),
}  # fmt: skip
"""The names by the code of their language."""
ENGLISH: Final = LANGUAGES["en"]
TRUTHS: Final = {
    "en": ("TRUE", "FALSE"), "cs": ("PRAVDA", "NEPRAVDA"), "da": ("SAND", "FALSK"),
    "de": ("WAHR", "FALSCH"), "es": ("VERDADERO", "FALSO"), "fi": ("TOSI", "EPÄTOSI"),
    "fr": ("VRAI", "FAUX"), "hu": ("IGAZ", "HAMIS"), "it": ("VERO", "FALSO"),
    "nb": ("SANN", "USANN"), "nl": ("WAAR", "ONWAAR"), "pl": ("PRAWDA", "FAŁSZ"),
    "pt": ("VERDADEIRO", "FALSO"), "ro": ("ADEVĂRAT", "FALS"), "sk": ("PRAVDA", "NEPRAVDA"),
    "sv": ("SANT", "FALSKT"), "tr": ("DOĞRU", "YANLIŞ"),
}  # fmt: skip
"""*True* and *false*, by the code of their language."""

LOCALES: Final = {
    "cs_CZ": ("dd.mm.yyyy", ",", "\xa0", "dddd d. mmmm yyyy"),
    "da_DK": ("dd.mm.yyyy", ",", ".", 'dddd "den" d. mmmm yyyy'),
    "de_AT": ("dd.mm.yyyy", ",", "\xa0", "dddd, d. mmmm yyyy"),
    "de_CH": ("dd.mm.yyyy", ".", "'", "dddd, d. mmmm yyyy"),
    "de_DE": ("dd.mm.yyyy", ",", ".", "dddd, d. mmmm yyyy"),
    "en_AU": ("d/m/yyyy", ".", ",", "dddd, d mmmm yyyy"),
    "en_CA": ("yyyy-mm-dd", ".", ",", "dddd, mmmm d, yyyy"),
    "en_GB": ("dd/mm/yyyy", ".", ",", "dddd, d mmmm yyyy"),
    "en_IE": ("dd/mm/yyyy", ".", ",", "dddd d mmmm yyyy"),
    "en_IN": ("dd/mm/yyyy", ".", ",", "dddd, d mmmm yyyy"),
    "en_NZ": ("dd/mm/yyyy", ".", ",", "dddd, d mmmm yyyy"),
    "en_US": ("m/d/yyyy", ".", ",", "dddd, mmmm d, yyyy"),
    "en_ZA": ("yyyy/mm/dd", ",", "\xa0", "dddd, dd mmmm yyyy"),
    "es_AR": ("d/m/yyyy", ",", ".", 'dddd, d "de" mmmm "de" yyyy'),
    "es_ES": ("d/m/yyyy", ",", ".", 'dddd, d "de" mmmm "de" yyyy'),
    "es_MX": ("dd/mm/yyyy", ".", ",", 'dddd, d "de" mmmm "de" yyyy'),
    "fi_FI": ("d.m.yyyy", ",", "\xa0", "dddd d. mmmm yyyy"),
    "fr_BE": ("d/mm/yyyy", ",", "\u202f", "dddd d mmmm yyyy"),
    "fr_CA": ("yyyy-mm-dd", ",", "\xa0", "dddd d mmmm yyyy"),
    "fr_CH": ("dd.mm.yyyy", ",", "'", "dddd, d mmmm yyyy"),
    "fr_FR": ("dd/mm/yyyy", ",", "\u202f", "dddd d mmmm yyyy"),
    "hu_HU": ("yyyy. mm. dd.", ",", "\xa0", "yyyy. mmmm d., dddd"),
    "it_CH": ("dd.mm.yyyy", ".", "'", "dddd, d mmmm yyyy"),
    "it_IT": ("dd/mm/yyyy", ",", ".", "dddd d mmmm yyyy"),
    "nb_NO": ("dd.mm.yyyy", ",", "\xa0", "dddd d. mmmm yyyy"),
    "nl_BE": ("d/mm/yyyy", ",", ".", "dddd d mmmm yyyy"),
    "nl_NL": ("dd-mm-yyyy", ",", ".", "dddd d mmmm yyyy"),
    "pl_PL": ("d.mm.yyyy", ",", "\xa0", "dddd, d mmmm yyyy"),
    "pt_BR": ("dd/mm/yyyy", ",", ".", 'dddd, d "de" mmmm "de" yyyy'),
    "pt_PT": ("dd/mm/yyyy", ",", "\xa0", 'dddd, d "de" mmmm "de" yyyy'),
    "ro_RO": ("dd.mm.yyyy", ",", ".", "dddd, d mmmm yyyy"),
    "sk_SK": ("d. m. yyyy", ",", "\xa0", "dddd d. mmmm yyyy"),
    "sv_SE": ("yyyy-mm-dd", ",", "\xa0", "dddd d mmmm yyyy"),
    "tr_TR": ("d.mm.yyyy", ",", ".", "d mmmm yyyy dddd"),
}  # fmt: skip
"""Short date, decimal and group sign, and long date by locale, for those not installed."""
