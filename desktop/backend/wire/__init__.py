"""The data of requests and answers.

- ``bodies``, ``batches``, ``mail``, ``parameters``: what requests may hold
- ``answers``, ``problems``, ``check_sentences``: what the backend answers
- ``json_io``: reads and writes JSON
- ``openapi``: describes the routes
"""
