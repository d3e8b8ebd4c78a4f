"""Comparing persons: which two identities are probably one, why, and who decides."""
