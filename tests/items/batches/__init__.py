"""Tests of the engine's batches."""
