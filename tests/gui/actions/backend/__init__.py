"""Tests of ``desktop/gui/actions/backend``."""
