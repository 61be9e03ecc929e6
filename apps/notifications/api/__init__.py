"""Messages, notices, preferences and the way of the mail, for programs."""
