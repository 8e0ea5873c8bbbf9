"""Processes that share a database on a server: the lines they hand over are rows of a table.

Only what has such a database imports this. Read ``on_server`` (the part of a process of the app),
``visiting_server`` (a script that only submits), ``handing_over`` (the thread of both) and
``server_link`` (its sessions with the server). ``guests`` are users who may hand over, and nothing
else; ``watching`` follows the workers.
"""
