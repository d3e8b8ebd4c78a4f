"""A country of people as different facilities state them, with the slips of real desks and the truth beside them."""
