"""The ways out: one package a partner, one contract for all (`contract`). Only channels open connections."""
