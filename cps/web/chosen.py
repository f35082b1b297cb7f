"""The filters of a list as they stand in its address, so that a list can be kept, sent and come back to."""


class Chosen:
    """A dataclass of codes and words, one for each filter; an empty one is any."""

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
        return {name: value for name, value in vars(self).items() if value}

    def without(self, *names: str) -> dict[str, str]:
        """Return the filters but for these."""
        return {name: value for name, value in self.chosen.items() if name not in names}
