"""The tests of Sendoff: the same tree as ``desktop/``, and journeys through the whole program."""
