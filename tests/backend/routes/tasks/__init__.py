"""Tests of ``/tasks`` and what acts on many of them."""
