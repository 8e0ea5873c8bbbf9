"""The type of the copies of a draft's e-mails: how many, and who gets them, or several e-mails."""

from __future__ import annotations

from typing import Final

from typing_extensions import TypedDict


class CopiesTo(TypedDict):
    """An address that gets copies, with their ``counts`` by the check of the rows."""

    address: str
    counts: dict[str, int]


class DraftCopies(TypedDict):
    """The copies of a draft's e-mails, by Cc and Bcc, if its rows are sent.

    - ``emails``: how many e-mails have copies, by the check of their rows
    - ``addresses``: who gets the most, up to ``MOST_COPIED``; ``others`` is the number of further
      addresses
    - ``repeated``: how many addresses get more than one e-mail of their own
    """

    emails: dict[str, int]
    addresses: list[CopiesTo]
    others: int
    repeated: int


MOST_COPIED: Final = 100
"""Addresses of copies that are named."""
