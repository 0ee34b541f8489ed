"""DigitalOcean on this machine: its API, droplets, firewalls, volumes, DNS and an ACME server."""
