"""The HTTP server and its process: start, listening, connections, log and shutdown."""
