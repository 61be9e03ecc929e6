"""Microsoft: sign-in (OpenID Connect) and Graph."""
