"""The database backend: every statement carries its own school, so that no pooler can separate them."""
