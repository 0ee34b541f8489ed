"""What the workflows need beyond `make` and `slipway`: a runner made ready, a comment, an issue."""
