"""`python -m ymach` is the `ymach` command."""

from ymach.cli.main import main

main()
