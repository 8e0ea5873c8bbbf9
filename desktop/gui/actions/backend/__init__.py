"""The backend as the window has it.

``connection`` is the one that is there, ``live`` what it tells, ``repair`` what is done when its
database is damaged, ``opening`` the way to one elsewhere.
"""
