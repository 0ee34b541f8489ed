"""Actions: the work that goes on behind the API, as clients see it."""
