"""HashiCorp Vault: the part of its HTTP interface that reads secrets (KV version 2, token and AppRole)."""
