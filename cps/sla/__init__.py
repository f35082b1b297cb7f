"""By when: working time and promises, pure."""
