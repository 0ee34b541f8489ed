"""Signing in with Google: OpenID Connect, authorization code with PKCE; off unless configured."""
