"""The steps of a rollout, each with what it does and how it is taken back."""
