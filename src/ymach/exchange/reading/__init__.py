"""Reading a person's records: one gate for every door, the look-up before it, the one screen behind it, emergencies."""
