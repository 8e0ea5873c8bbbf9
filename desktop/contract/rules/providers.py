"""The domains of large mail providers, and the slips with which people type them."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Final

_LISTED: Final = (
    # worldwide
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com web.de gmx.de gmx.net t-online.de"
    " aol.com live.com msn.com me.com mac.com googlemail.com ymail.com rocketmail.com mail.com"
    " email.com mailo.com proton.me protonmail.com pm.me tutanota.com tutanota.de fastmail.com"
    " zoho.com"
    # German, Austrian, Swiss
    " gmail.de freenet.de arcor.de aol.de mail.de email.de posteo.de mailbox.org vodafone.de"
    " online.de kabelmail.de unitybox.de ewetel.de netcologne.de"
    " gmx.at gmx.ch gmx.com gmx.org gmx.eu"
    " gmx.info gmx.li gmx.us gmx.biz gmx.fr gmx.es gmx.it gmx.co.uk gmx.tm aon.at aon.com a1.net"
    " chello.at liwest.at inode.at bluewin.ch hispeed.ch sunrise.ch"
    # each country's of the four largest
    " yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk yahoo.ca yahoo.at yahoo.be yahoo.nl yahoo.dk"
    " yahoo.se yahoo.no yahoo.pl yahoo.ro yahoo.gr yahoo.ie yahoo.ch yahoo.in yahoo.co.in"
    " yahoo.com.br yahoo.com.mx yahoo.com.ar yahoo.com.au yahoo.com.tr yahoo.co.jp hotmail.de"
    " hotmail.fr hotmail.it hotmail.es hotmail.co.uk hotmail.be hotmail.nl hotmail.ch hotmail.at"
    " hotmail.dk hotmail.se hotmail.no hotmail.fi hotmail.gr hotmail.ca outlook.de outlook.fr"
    " outlook.it outlook.es outlook.be outlook.dk outlook.at outlook.pt outlook.ie outlook.com.br"
    " outlook.com.au live.de live.fr live.it live.nl live.be live.dk live.at live.ch live.se"
    " live.no live.co.uk live.ca live.ie live.com.au"
    # other countries
    " orange.fr wanadoo.fr laposte.net free.fr sfr.fr bbox.fr neuf.fr libero.it virgilio.it"
    " alice.it tiscali.it tin.it telenet.be skynet.be proximus.be ziggo.nl kpnmail.nl xs4all.nl"
    " planet.nl hetnet.nl comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net"
    " btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com seznam.cz centrum.cz"
    " email.cz post.cz azet.sk zoznam.sk wp.pl o2.pl onet.pl interia.pl gazeta.pl freemail.hu"
    " citromail.hu telia.com telenet.no online.no abv.bg mail.bg mail.ru yandex.ru yandex.com"
    " rambler.ru inbox.ru bk.ru list.ru ukr.net naver.com daum.net hanmail.net qq.com 163.com"
    " 126.com sina.com uol.com.br bol.com.br terra.com.br ig.com.br"
)
PROVIDERS: Final = tuple(_LISTED.split())
"""Domains; of those that are near, the first is meant."""
_KNOWN: Final = frozenset(PROVIDERS)
_SHORT: Final = 4
"""Letters of a name, as in *web.de*, to which many other domains are near."""


@lru_cache(1024)
def provider_meant(domain: str) -> str | None:
    """Return the provider whose domain was probably meant; ``None`` mostly.

    One letter may be missing, added or another one, or two may have changed places.
    """
    typed = domain.strip().casefold()
    if typed in _KNOWN:
        return None
    return next((each for each in PROVIDERS if _is_slip(typed, each)), None)


def _is_slip(typed: str, meant: str) -> bool:
    name = meant.partition(".")[0]
    if len(typed) == len(meant) and _is_swapped(typed, meant):
        return True
    if len(name) > _SHORT or typed.startswith((f"{name}.", f"{name},")):
        return _is_one_apart(typed, meant)
    return typed == meant.replace(".", "") or (
        len(typed) == len(meant) + 1 and _without_doubles(typed) == meant
    )


def _is_swapped(typed: str, meant: str) -> bool:
    wrong = [at for at, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    first, second = wrong
    return typed[first] == meant[second] and typed[second] == meant[first]


def _is_one_apart(typed: str, meant: str) -> bool:
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    more, less = typed[start:], meant[start:]
    return more[1:] == less[1:] or more[1:] == less or more == less[1:]


def _without_doubles(text: str) -> str:
    return "".join(letter for letter, _ in groupby(text))
