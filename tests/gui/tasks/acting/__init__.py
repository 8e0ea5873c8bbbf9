"""Tests of actions on tasks."""
