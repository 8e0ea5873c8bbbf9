"""Tests of the shell commands, on a real backend."""
