"""What the pages of one facility ask for and show: the forms, how each writes, and the figures of the profile."""
