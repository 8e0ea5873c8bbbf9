"""Tests of ``desktop/engine/verbs/submit``."""
