"""The facility a person is referred to: it gets the dossier at an address of its own."""
