"""What OpenAPI says of the routes: ``openapi`` and its ``examples``."""
