"""Deliveries: one submission on its way to each destination, with a state of its own that users look at."""
