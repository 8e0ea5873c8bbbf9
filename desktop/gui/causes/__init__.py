"""Causes: what failures have in common, and what helps.

Read ``cause_model`` with its words, ``cause_view`` with its card, and ``room``, which carries out
what helps, and tells of new causes.
"""
