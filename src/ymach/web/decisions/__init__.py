"""Decisions of a department about a person's licence: what each asks for, the action that takes it, what it changes."""
