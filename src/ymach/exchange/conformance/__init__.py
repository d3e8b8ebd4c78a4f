"""Conformance runs: a vendor's software sends the kit as dry runs; the platform notes what it saw and signs a report."""
