"""Processes that share a database on a server: the lines they hand over are rows of a table.

Only programs with such a database import this. Read ``on_server`` (a process of the app),
``visiting_server`` (a script that only submits), ``handing_over`` (the thread of both) and
``server_link`` (its sessions with the server). ``watching`` follows the workers.
"""
