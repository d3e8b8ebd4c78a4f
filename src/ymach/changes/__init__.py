"""Changes of a profile as people ask for them: what differs, what proves it, who decides, until when."""
