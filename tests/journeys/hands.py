"""The hands of a person before a page: what they do is counted, to say what a report costs whoever makes it.

Seconds follow the keystroke-level model (Card, Moran and Newell 1980): a tap is a thought (1.35 s), a movement to the
place (1.1 s) and a press (0.2 s); a key or a letter is 0.28 s. What the network takes is not in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page

_TAP_SECONDS: Final = 1.35 + 1.1 + 0.2
_KEY_SECONDS: Final = 0.28


@dataclass
class Hands:
    """Counted are taps in our pages (the camera's own are not ours) and keys, of a keyboard on the screen or a real one."""

    page: Page
    taps: int = 0
    keys: int = 0

    @property
    def seconds(self) -> float:
        """How long a person takes for what was done."""
        return self.taps * _TAP_SECONDS + self.keys * _KEY_SECONDS

    def tap(self, target: str | Locator) -> None:
        """Tap something."""
        self.taps += 1
        self._at(target).tap()

    def activate(self, target: Locator) -> None:
        """Act on something as a screen reader does: on the control itself, wherever it is on the screen."""
        self.taps += 1
        target.evaluate("(control) => { control.focus(); control.click(); }")

    def choose_photo(self, *photos: Path) -> None:
        """Tap the camera; what it takes is there at once."""
        self.taps += 1
        self.page.set_input_files("#photos", photos)

    def choose(self, target: str | Locator, *, index: int) -> None:
        """Open a list and tap one of its lines."""
        self.taps += 2
        self._at(target).select_option(index=index)

    def type(self, target: str | Locator, text: str) -> None:
        """Tap a field and type into it, letter by letter."""
        self.taps += 1
        self.keys += len(text)
        self._at(target).press_sequentially(text)

    def press(self, key: str, *, times: int = 1) -> None:
        """Press a key of a real keyboard."""
        self.keys += times
        for _time in range(times):
            self.page.keyboard.press(key)

    def _at(self, target: str | Locator) -> Locator:
        return self.page.locator(target) if isinstance(target, str) else target
