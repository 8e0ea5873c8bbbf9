"""Tests of ``desktop/gui/actions/templates``."""
