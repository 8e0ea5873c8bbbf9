"""Texts about tasks: states, reasons, causes, queues, and what actions do."""
