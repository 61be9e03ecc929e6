"""What programs of the platform may ask of schools."""
