"""SMTP, from the top down.

- ``smtp``: the pool of connections, with one login at a time
- ``capacity``: what the server takes, learned from its answers
- ``connection``: opens a connection and sends messages over it
- ``dialogue``: commands and their replies on the socket, and what a reply means
"""
