"""Tests of ``desktop/gui/widgets/sheets``."""
