"""The `command` provider: commands on this machine and, over SSH, on others."""
