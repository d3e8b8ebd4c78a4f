"""Medical oxygen of facilities: sources, consumption, and what follows from both."""
