"""Receipts: what the sender keeps, signed by the platform and verifiable without asking it."""
