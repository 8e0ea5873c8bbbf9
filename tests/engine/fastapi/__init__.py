"""Tests of ``desktop/engine/fastapi``."""
