"""Step 5's rules: pure functions over one dossier, each yielding findings. Sources stand on the findings themselves."""
