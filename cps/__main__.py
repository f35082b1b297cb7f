"""`python -m cps` is the `cps` command."""

from cps.console.command import main

main()
