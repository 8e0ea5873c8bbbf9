"""Notifications: what a person is told while they look elsewhere.

``telling`` says one thing, in a bar or by the tray, and leads there; ``notifications`` finds new
causes and what needs a decision, ``batch_news`` batches that are done.
"""
