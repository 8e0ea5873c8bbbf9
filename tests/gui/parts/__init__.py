"""Tests of ``desktop/gui/parts``."""
