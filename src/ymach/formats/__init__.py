"""Text in and out of the clinical model and the registry: one package a format. No Django here."""
