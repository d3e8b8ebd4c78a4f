"""Large files in pieces: begun, sent piece by piece in any order, finished as a submission."""
