"""Causes, what failures have in common and what helps: model, card, view."""
