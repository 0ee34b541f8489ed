"""Checks of a live deployment, and the artifacts that they leave."""
