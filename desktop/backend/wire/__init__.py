"""The data of requests and answers.

- ``requests``: reads a body, a key or a file, and writes JSON
- ``bodies``, ``batches``, ``mail``, ``parameters``: what requests may hold
- ``answers``, ``problems``, ``batches``: what the backend answers
- ``openapi``: describes the routes
"""
