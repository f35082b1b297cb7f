"""The edge for people at a terminal: the `cps` command.

Whatever makes it unusable is said in one sentence, and it leaves with exit code 1; never a traceback.
"""
