"""What programs may ask of associations, their boards, members and renewals."""
