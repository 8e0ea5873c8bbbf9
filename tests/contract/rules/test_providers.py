"""A slip in the domain of a large provider is noticed, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.rules.mailbox import PROVIDERS, addresses_meant, provider_meant

SLIPS = {
    "gmail.com": "gmial.com gmai.com gmail.co gmail.con gmail.cmo gmaill.com gnail.com gmailcom",
    "hotmail.com": "hotmial.com hotmal.com hotmail.con HOTMIAL.COM",
    "gmx.de": "gmx.ed gxm.de gmx.d gmxx.de gmx.dee gmxde gmx,de",
    "web.de": "web.ed wbe.de web.d webb.de web,de webde",
    "t-online.de": "tonline.de t-onlin.de t-online.ed",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com",
    "outlook.com": "outlok.com outllok.com",
}


OTHERS = (
    "example.org wed.de gm.de we.de line.com life.com meta.com macy.com web.de.example"
    " gmail.example uni-mainz.de x"
)


def test_a_slip_is_noticed() -> None:
    for meant, slips in SLIPS.items():
        for typed in slips.split():
            assert provider_meant(typed) == meant, typed
            assert addresses_meant(f"ada@{typed}") == [f"ada@{meant}"]


def test_a_provider_itself_and_another_domain_get_no_hint() -> None:
    assert {provider_meant(domain) for domain in (*PROVIDERS, *OTHERS.split())} == {None}


@given(st.sampled_from(PROVIDERS), st.integers(0, 30), st.sampled_from("aqz"))
def test_a_letter_too_few_or_too_many_in_a_long_domain_is_noticed(
    domain: str, at: int, letter: str
) -> None:
    name = domain.partition(".")[0]
    place = at % (len(domain) + 1)
    for typed in (domain[:place] + letter + domain[place:], domain[:place] + domain[place + 1 :]):
        if len(name) > 4 and typed not in PROVIDERS:
            assert provider_meant(typed) is not None
