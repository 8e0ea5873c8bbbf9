"""Tests of the engine's tables and queries."""
