"""What stands before the routes: connections and descriptors, the token, bodies, query keys."""
