"""Golden files: a dossier in order, changed as a case of the conformance kit says. No database."""
