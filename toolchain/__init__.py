"""Finds or builds what Slipway stands on: Docker, Pulumi, its plugins and the base images."""
