"""Provinces, communes, and what became of the old ones."""
