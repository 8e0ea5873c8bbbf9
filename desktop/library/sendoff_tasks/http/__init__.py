"""The monitor's HTTP: the tasks, queues, causes and events of any engine.

Read ``monitor`` (a thread of an app) or ``worker`` (a process of its own), then ``application``,
which is composed of the parts of features.

- ``routes``: one file for each part of the API
- ``wire``: what requests bring and answers hold, and the OpenAPI description
- ``guards``: what is checked before a route is called
- ``services``: what every route finds on the application
- ``submitting``, ``arguments``: hand tasks to the engine
- ``background``, ``limits``: what happens beside requests
- ``lifecycle``, ``server``, ``log_files``: the process and its HTTP server
"""
