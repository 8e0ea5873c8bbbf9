"""How the window talks to the backend, and what it keeps on disk meanwhile.

``jobs`` runs calls on threads, ``connection`` follows the backend, ``drafts`` is the folder of what
is typed, ``outbox`` has all that the window asks to change until it is answered.
"""
