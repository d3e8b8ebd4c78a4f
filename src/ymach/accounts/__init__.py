"""Users, roles, permissions (one enum of words), delegation by locality."""
