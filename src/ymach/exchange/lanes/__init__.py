"""Lanes: who is worked on first when there is more to do than can be done, and who is told at once to come later."""
