"""Builds images and brings to the droplet what it lacks; run by the program as local commands."""
