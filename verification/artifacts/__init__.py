"""What a verification leaves behind: one folder of facts about the deployment, without a secret in it."""
