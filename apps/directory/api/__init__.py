"""What programs may ask of the Microsoft directory."""
