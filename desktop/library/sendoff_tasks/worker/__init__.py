"""A worker: a process with an app's code that runs attempts for the process that decides.

Read ``process`` (its life, from the command to the drain) and ``order_follower`` (its sessions, and
how it begins and stops attempts as its orders say, under one lease after the other).
"""
