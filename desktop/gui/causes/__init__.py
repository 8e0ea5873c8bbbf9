"""Causes: what failures have in common, and what helps.

Read ``cause_words``, ``cause_model``, ``cause_view`` with its card, and ``cause_verbs``, which
carries out what helps. ``cause_news`` tells of new ones.
"""
