"""What programs may ask of people and of the school itself."""
