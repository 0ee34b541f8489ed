"""Measurements of deployments and releases."""
