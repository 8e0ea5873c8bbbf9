"""Tests of ``desktop/gui/desk/form``."""
