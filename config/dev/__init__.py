"""The developer's machine: embedded servers, the demonstration, the checks. Never imported in production."""
