"""A person with a browser and a mailbox in front of a deployed stack."""
