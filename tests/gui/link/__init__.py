"""Tests of the link to the backend."""
