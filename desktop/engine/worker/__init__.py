"""A worker: a process with an app's code that runs attempts for the process that decides.

Read ``process`` (its life, from the command to the drain), ``order_follower`` (begins and stops
attempts as its orders say, under one lease after the other) and ``link`` (its statements).
"""
