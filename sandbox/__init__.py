"""Simulator of the outside providers: real wire protocols on localhost, no code shared with the product."""
