"""Speed and memory, measured on a running city beside the floor of the same run."""
