"""What a fault showed: one line of the table that `make survive` prints."""

from dataclasses import dataclass, field


@dataclass
class Result:
    """A fault by its name in the plan, its figure, what is the goal, and every breach of it."""

    fault: str
    figure: str
    goal: str
    breaches: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """Return it as a line of the table."""
        return f"{self.fault:<44} {self.figure:<74} {self.goal:<34} {'BREACH' if self.breaches else 'ok'}"


def at_most(what: str, seconds: float, goal: float) -> list[str]:
    """Say so if it took longer."""
    return [f"{what} took {seconds:.1f} s, where {goal:g} s is the goal"] if seconds > goal else []
