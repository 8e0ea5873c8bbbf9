"""What changes while the backend runs, and what follows from it.

``watch`` sees that settings or task files have changed; ``settings_effects`` and ``task_files``
follow them. ``draft_checks`` and ``sweeper`` work in the background, each a ``background_thread``.
On a server ``worker_watch`` follows the workers, ``worker_mail`` is what these send, and
``takeover`` notices another process that took the database.
"""
