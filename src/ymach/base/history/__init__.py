"""History of the registry, written by database triggers that refuse a change without actor and reason."""
