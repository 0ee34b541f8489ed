"""Sessions and tokens: what a user is let in by."""
