"""Causes: what failures have in common, and what helps.

Read ``cause_words``, ``cause_model``, ``cause_card`` (of one or several), ``cause_view``, and
``cause_verbs``, which carries out what helps. ``cause_news`` tells of new ones.
"""
