"""The Pulumi program: what exists in the cloud."""
