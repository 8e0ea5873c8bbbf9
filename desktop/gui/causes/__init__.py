"""Causes: what failures have in common, and what helps.

Read ``cause_words``, ``cause_model``, ``cause_view`` with its card, and ``room``, which carries out
what helps, and tells of new causes.
"""
