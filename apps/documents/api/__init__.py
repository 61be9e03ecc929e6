"""What programs may ask of documents of associations and of looks at their money."""
