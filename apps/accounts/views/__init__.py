"""Pages of accounts, one module per part."""
