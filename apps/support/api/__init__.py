"""What programs may ask of support access."""
