"""The exchange watching itself: who works, which destination does not answer, since when, and what waits."""
