"""Processes that share a database on a server: the lines they hand over are rows of a table.

Only programs with such a database import this. Read ``on_server`` (a process of the app, and a
script that only submits), ``handing_over`` (what both do) and ``server_link`` (their sessions with
the server). ``watching`` follows the workers.
"""
