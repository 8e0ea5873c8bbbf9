"""Tests of ``desktop/gui/actions/batches``."""
