"""Journeys: the real program, in a real window on a virtual screen, with real keys and kills."""
