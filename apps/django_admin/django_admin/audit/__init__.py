"""The record of what touched anybody's security."""
