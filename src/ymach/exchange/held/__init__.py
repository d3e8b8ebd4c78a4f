"""Records that wait for a department: what is held, why, since when, and what the department made of it."""
