"""The keys of the desk: what can be done by one letter, and which letter that is for whom.

Letters work while nothing is being typed; each official can give them other letters or switch them off
(WCAG 2.1.4). Enter, Escape, Ctrl+Enter and Ctrl+K are the same for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cps.desk.permissions import Action
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _
from cps.people.models import Person

FIELD: Final = "key-"
"""What the fields of the page begin with, before the code of a command."""

_RESERVED = frozenset("0123456789 ")  # digits choose a view


class Where(StrEnum):
    """On which pages a key means something."""

    EVERYWHERE = "everywhere"
    LISTS = "lists"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that has a key; an action of a complaint is called as in its URL."""

    code: str
    key: str
    name: Text
    where: Where


COMMANDS: Final = (
    Command("next", "j", _("Next report"), Where.EVERYWHERE),
    Command("previous", "k", _("Previous report"), Where.EVERYWHERE),
    Command("search", "/", _("Search"), Where.EVERYWHERE),
    Command("help", "?", _("Keys of the desk"), Where.EVERYWHERE),
    Command("undoings", "u", _("Undo"), Where.EVERYWHERE),
    Command("view", "g", _("Go to a view: then its number, 1 to 9"), Where.EVERYWHERE),
    Command("enter", "w", _("Enter a report"), Where.EVERYWHERE),
    Command("overview", "l", _("Overview: who has what"), Where.EVERYWHERE),
    Command("recurring", "b", _("Recurring problems"), Where.EVERYWHERE),
    Command("leaves", "L", _("Leave: who is away"), Where.EVERYWHERE),
    Command("fresh", "N", _("Show what is new"), Where.LISTS),
    Command("select", "x", _("Select, or no more"), Where.LISTS),
    Command("select-range", "X", _("Select up to here"), Where.LISTS),
    Command("select-all", "*", _("Select all on this page"), Where.LISTS),
    Command("pane", "v", _("Show or hide the preview"), Where.LISTS),
    Command(Action.ACCEPTANCE, "]", _("Accept"), Where.COMPLAINT),
    Command(Action.RETURN, "[", _("Return"), Where.COMPLAINT),
    Command(Action.START, "s", _("Start work"), Where.COMPLAINT),
    Command(Action.ASSIGNMENT, "a", _("Assign"), Where.COMPLAINT),
    Command(Action.CATEGORY, "c", _("Category"), Where.COMPLAINT),
    Command(Action.TRANSFER, "d", _("Transfer"), Where.COMPLAINT),
    Command(Action.QUESTION, "r", _("Ask citizen"), Where.COMPLAINT),
    Command(Action.NOTE, "n", _("Internal note"), Where.COMPLAINT),
    Command(Action.PAUSE, "h", _("Pause"), Where.COMPLAINT),
    Command(Action.RESUMPTION, "C", _("Let the deadline run again"), Where.COMPLAINT),
    Command(Action.PLAN, "D", _("Plan a day"), Where.COMPLAINT),
    Command(Action.RESOLUTION, "e", _("Resolve"), Where.COMPLAINT),
    Command(Action.REFUSAL, "f", _("Decline"), Where.COMPLAINT),
    Command(Action.EXTENSION, "t", _("Extend the deadline"), Where.COMPLAINT),
    Command(Action.SUBTASK, "o", _("Ask another department"), Where.COMPLAINT),
    Command(Action.MERGER, "m", _("Merge"), Where.COMPLAINT),
    Command(Action.QUARANTINE, "q", _("Set aside"), Where.COMPLAINT),
    Command(Action.FLAG, "!", _("Mark as abusive"), Where.COMPLAINT),
    Command(Action.LET_IN, "y", _("Let in again"), Where.COMPLAINT),
    Command("nearby", "i", _("Reports near by"), Where.COMPLAINT),
    Command(Action.PRIORITY, "p", _("Priority"), Where.COMPLAINT),
    Command(Action.CALM, "-", _("Not urgent"), Where.COMPLAINT),
)


@dataclass(frozen=True)
class Keyboard:
    """The letter of each command by its code, empty for none; `is_on`: whether letters do anything."""

    letters: Mapping[str, str]
    is_on: bool

    @property
    def by_letter(self) -> dict[str, str]:
        """The command of each letter, as the page is told them."""
        return {key: code for code, key in self.letters.items() if key} if self.is_on else {}


def of(person: Person) -> Keyboard:
    """Return the keys of an official: those of everybody, but for the own ones, which a new command does not take away."""
    own = person.keys.get("own", {})
    taken = {key for key in own.values() if key}
    letters = {one.code: own.get(one.code, "" if one.key in taken else one.key) for one in COMMANDS}
    return Keyboard(letters, person.keys.get("is_on", True))


def read(typed: Mapping[str, str], *, is_on: bool) -> dict[str, Any]:
    """Read the letters that were typed for each command, as they are kept; empty is no letter.

    Raises Invalid, by field, for more than one sign, a digit, and a letter that two commands have.
    """
    letters = {one.code: typed.get(one.code, one.key).strip() for one in COMMANDS}
    faults = {f"{FIELD}{code}": fault for code, key in letters.items() if (fault := _fault(key, letters))}
    if faults:
        raise Invalid(faults)
    own = {one.code: letters[one.code] for one in COMMANDS if letters[one.code] != one.key}
    return {"is_on": is_on, "own": own}


def _fault(key: str, letters: Mapping[str, str]) -> Text | None:
    if not key:
        return None
    if len(key) != 1 or key in _RESERVED or not key.isprintable():
        return _("Type one letter or sign, not a digit.")
    if list(letters.values()).count(key) > 1:
        return _("Two things have this key. Give each its own.")
    return None
