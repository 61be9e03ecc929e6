"""What programs may ask of campuses and who is there."""
