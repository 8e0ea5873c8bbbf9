"""The window, told by features.

Read ``assembly`` (the window up to its first picture) and ``program``, which lets each room connect
itself and lives to the window's end; a room says in ``room`` what it connects. ``one_window`` keeps
a second window out of a data folder.
``frame`` is the window around lists and desk, and ``sentence`` says at their head what is the case.
``tasks``, ``items`` and ``batches`` are the lists with their actions, ``importing``, ``templates``
and ``mail`` the dialogs. ``link`` is the way to the backend, and ``kit`` what all are built of.
"""
