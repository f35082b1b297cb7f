"""What was assumed where a survey says nothing, and where it comes from: told on the terminal and in the README."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cps.city.survey.answers import Entry

_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something nobody said: in which file it stands, what was written there, and why."""

    file: str
    told: str


@dataclass(slots=True)
class Notes:
    """The assumptions made so far; what is alike is told in one line."""

    made: list[Assumption] = field(default_factory=list)
    _alike: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def assume(self, file: str, told: str) -> None:
        """Note one assumption."""
        self.made.append(Assumption(file, told))

    def assume_of(self, code: str, file: str, told: str) -> None:
        """Note what was assumed of one of many; `told` has {codes} and is the same for all."""
        self._alike.setdefault((file, told), []).append(code)

    def all(self) -> list[Assumption]:
        """Return everything, in the order of the files."""
        gathered = [
            Assumption(file, told.replace("{codes}", _listed(codes)))
            for (file, told), codes in self._alike.items()
        ]
        return sorted([*self.made, *gathered], key=lambda one: one.file)

    def names(
        self, entry: Entry, prefix: str, languages: Sequence[str], file: str, also: Mapping[str, str]
    ) -> dict[str, str]:
        """Return what something is called in every language; `also`: what it is usually called.

        Where a language is lacking, the first one there is stands in, and that is noted.
        """
        written = {language: entry[f"{prefix}_{language}"] for language in languages}
        others = [value for key, value in entry.cells.items() if key.startswith(f"{prefix}_") and value]
        stand_in = next((name for name in written.values() if name), others[0] if others else "")
        names = {}
        for language, name in written.items():
            names[language] = name or (also.get(language, "") if not stand_in or also else "") or stand_in
            if not name:
                how = "the usual one" if also.get(language) else "another language"
                self.assume_of(
                    entry["code"] or stand_in,
                    file,
                    f"No {prefix} in '{language}': {how} stands there ({{codes}}). Let a native speaker write it.",
                )
        return names


def _listed(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return f"{', '.join(codes[:_SHOWN])}{more}"
