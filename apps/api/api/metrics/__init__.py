"""Prometheus metrics, on a port that nothing routes."""
