"""Tests of the durable tasks."""
