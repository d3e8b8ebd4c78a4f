"""How synthetic care comes about: who is ill with what, who is on duty, what is done, and what it costs. Pure."""
