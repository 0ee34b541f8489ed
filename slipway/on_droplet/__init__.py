"""Small programs that are sent to the droplet by SSH and leave nothing there; standard library only."""
