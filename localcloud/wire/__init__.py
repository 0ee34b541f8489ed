"""HTTP as DigitalOcean speaks it: errors, pages, tokens, limits."""
