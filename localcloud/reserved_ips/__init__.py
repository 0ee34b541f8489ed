"""Reserved addresses."""
