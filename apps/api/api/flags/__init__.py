"""Feature flags, switched in the admin."""
