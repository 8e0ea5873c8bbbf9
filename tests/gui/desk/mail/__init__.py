"""Tests of ``desktop/gui/desk/mail``."""
