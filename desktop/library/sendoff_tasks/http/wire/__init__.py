"""The data of requests and answers.

- ``requests``: reads a body, a key or a file, and writes JSON
- ``bodies``: what requests may hold, and what the backend answers that ``contract`` does not have
- ``parameters``: those of the path and the query; ``problems``: refusals
- ``openapi``: describes the routes
"""
