"""Tests of the view of batches."""
