"""What a queue allows: limits, holds and outages, and the order of tasks.

Read ``limits`` (and the list of queues), ``holds`` (also for missing functions, and for servers
out of reach), ``taken`` (what a server took before it refused all), ``workers`` (the processes that
can run a queue) and ``followers`` (tasks that start after other tasks).
"""
