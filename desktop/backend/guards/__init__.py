"""What stands before the routes: connections, the token, the size of bodies, query keys."""
