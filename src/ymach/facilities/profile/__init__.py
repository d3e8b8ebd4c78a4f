"""The profile of a facility: what belongs to it, who says so, and the whole of it on a day."""
