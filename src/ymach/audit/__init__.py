"""The append-only, hash-chained journal of everything that reads or writes a person's data."""
