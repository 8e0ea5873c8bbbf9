"""Tests of ``desktop/gui/mail``."""
