"""The state of the API and of what it needs."""
