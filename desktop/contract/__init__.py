"""The types that the window and the backend share; they import nothing of ours but each other.

``model`` has those of tasks. Read ``items`` and ``batches``; ``settings`` are what a person has
set, ``sign_in`` is how the account signs in. ``rules`` check typed input.
"""
