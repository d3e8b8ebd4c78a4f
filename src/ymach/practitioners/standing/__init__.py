"""May this person have written this, here, at that hour? Facts of the registry, the pure rule, and the look-up."""
