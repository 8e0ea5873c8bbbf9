"""Talking to the mail server: ``opening`` a ``connection``, its ``quotas`` and ``replies``."""
