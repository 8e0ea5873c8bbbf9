"""Causes, what failures have in common and what helps: figures, model, card, view."""
