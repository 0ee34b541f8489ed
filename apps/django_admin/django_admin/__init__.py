"""Slipway's Django project: it owns every table, the admin pages and the background tasks."""
