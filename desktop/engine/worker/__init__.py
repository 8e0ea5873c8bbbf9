"""A worker: a process with an app's code that runs attempts for the one that decides.

Read ``process`` (its life, from the command to the drain), ``order_follower`` (what it runs is made
equal to its orders), ``lease`` (what is known under one name) and ``link`` (the statements).
"""
