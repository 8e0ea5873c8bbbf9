"""Talking to the mail server: ``opening`` a ``connection``, its ``replies``, and ``smtp`` above."""
