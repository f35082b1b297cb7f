"""Photos that were tampered with, by the million: none of them may do more than be unreadable."""
