"""Facilities, their operating licences, codes and certificates."""
