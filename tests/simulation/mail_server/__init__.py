"""A hostile mail server in virtual time, and the shipped SMTP client that talks to it.

- ``grammar``: what it may say, drawn from a seed
- ``server``: the server, and what it knows to be true
- ``line``: the client's socket
- ``conversation``: one seed's conversation, played and judged
- ``plants``: mistakes a client could make
"""
