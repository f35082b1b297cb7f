"""What is wrong with a profile: collected while reading goes on, so that one run tells everything."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from cps.kernel.text import cleaned

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right, or to know; lines count from 1, 0 stands for a file that has no lines."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """Something that was read, and the line it stands on."""

    value: Value
    line: int


@dataclass(slots=True)
class Findings:
    """The faults found so far, and the warnings: what is odd, but does no harm."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, sentence: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(file, line, sentence))

    def warn(self, file: str, line: int, sentence: str) -> None:
        """Note a warning."""
        self.warnings.append(Fault(file, line, sentence))


def text_of(path: Path, findings: Findings) -> str | None:
    """Return a file's text without byte order mark, or note why there is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        findings.add(path.name, 1, "This file is missing.")
    except OSError as error:
        findings.add(path.name, 1, f"This file cannot be read: {error.strerror}.")
    else:
        return _decoded(data, path.name, findings)
    return None


def _decoded(data: bytes, file: str, findings: Findings) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.add(file, line, "This file is not in UTF-8. Save it as UTF-8 text.")
        return None


def check_names(
    names: dict[str, str], languages: Iterable[str], *, of: str, at: tuple[str, int], findings: Findings
) -> dict[str, str]:
    """Return the names cleaned; note each language of the city that has none."""
    said = {language: cleaned(name) for language, name in names.items()}
    for language in languages:
        if not said.get(language):
            findings.add(*at, f"{of} has no translation into {language!r}.")
    return said
