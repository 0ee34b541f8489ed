"""Data to look at and to measure with; nothing of a deployment needs it."""
