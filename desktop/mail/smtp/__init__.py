"""SMTP, from the top down.

- ``smtp``: the pool of connections; ``login_gate``: one login at a time
- ``capacity``: what the server takes, learned from its answers
- ``connection``: sends messages over one connection; ``opening``: its start, up to the login
- ``dialogue``: commands and their replies on the socket
- ``replies``: what a reply means
"""
