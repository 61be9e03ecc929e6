"""What programs may ask of accounts: signing in, tokens, who they are."""
