"""The Pulumi provider `digitalocean`, written against DigitalOcean's public API.

It covers what `provider.RESOURCES` and `invokes.INVOKES` list; everything else is refused by name in the preview.
"""
