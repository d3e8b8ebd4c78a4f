"""Numbers of the registry, kept while it changes, so that no page counts rows."""
