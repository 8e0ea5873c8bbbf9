"""Reacts to changes while the backend runs, and does its background work.

- ``watch``: detects changed settings and task files
- ``task_files``: applies the latter to the engine
- ``draft_checks``, ``sweeper``: check drafts and delete old files in the background
- ``database_watch``: follows workers and other processes of a database on a server
- ``background_thread``: the base class of these threads
"""
