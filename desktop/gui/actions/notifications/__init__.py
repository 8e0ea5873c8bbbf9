"""Notifications of failures, tasks that need a decision, and finished batches.

``notifier`` shows one notification, in a bar or in the tray. ``notifications`` finds new causes and
uncertain tasks, ``batch_news`` finds batches that are done.
"""
