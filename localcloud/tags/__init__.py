"""Tags and what they mark."""
