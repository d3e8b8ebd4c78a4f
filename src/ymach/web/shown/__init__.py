"""From what queries give to what the components take: a module a subject. No request here, and no query unless it says so."""
