"""Pages of the connected services, on a school's host and on the platform's."""
