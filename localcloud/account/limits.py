"""How much of everything the account may have."""

DROPLETS = 25
RESERVED_IPS = 25
VOLUMES = 100
VOLUMES_PER_DROPLET = 7
