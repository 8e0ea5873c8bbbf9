"""Causes, what failures have in common and what helps: words, model, card, view."""
