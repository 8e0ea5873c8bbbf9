"""Causes, what failures have in common and what helps: figures, model, table, card, view."""
