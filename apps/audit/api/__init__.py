"""What programs may ask of the audit trail."""
