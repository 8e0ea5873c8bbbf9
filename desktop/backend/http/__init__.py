"""The monitor's HTTP: the tasks, queues, causes and events of any engine.

Read ``monitor`` (a thread of an app) or ``worker`` (a process of its own).

- ``routes``: one file for each part of the API
- ``wire``: what requests bring and answers hold, and the OpenAPI description
- ``guards``: what is checked before a route is called
- ``arguments``: those of a task that is added, and their JSON Schema
- ``lifecycle``, ``server``, ``log_files``: the process and its HTTP server
"""
