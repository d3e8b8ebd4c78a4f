"""A synthetic country: facilities, practitioners and the dossiers they would write. Nothing in it is a real person.

Everything here but `load` and `world` is pure: the same seed gives the same bytes.
"""
