"""Reading pages of the table."""

from __future__ import annotations


def matching_ids(*a):
    raise NotImplementedError


def read_page(*a):
    raise NotImplementedError
