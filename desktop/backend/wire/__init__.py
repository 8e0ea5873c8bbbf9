"""The data of requests and answers.

- ``bodies``, ``batches``, ``mail``, ``parameters``: what requests may hold
- ``answers``, ``problems``: what the backend answers
- ``values``: the fields that both are made of
- ``json_io``: reads and writes JSON
- ``openapi``: describes the routes
"""
