"""The wire: routes, callers and the server between HTTP and the world."""
