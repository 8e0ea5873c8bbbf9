"""Tests of ``desktop/engine/transaction``."""
