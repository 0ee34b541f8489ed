"""What a release costs, beside a plain `ssh` + `docker compose up -d` of the same image."""
