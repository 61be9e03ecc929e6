"""Acts: `asking` on the platform's side, `deciding` on the school's, `visiting` in between."""
