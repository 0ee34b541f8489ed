"""What `slipway init` asks, makes and writes."""
