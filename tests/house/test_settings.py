"""Every setting is documented, and only those; nobody reads another variable behind the operator's back."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "cps" / "settings.py"


def named_in(path: Path) -> set[str]:
    return set(re.findall(r"\bCPS_[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))


def documented() -> set[str]:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    rows = [re.match(r"\| `(CPS_[A-Z_]+)` \|", line) for line in lines]
    return {row[1] for row in rows if row}


def test_every_setting_stands_in_the_table_and_every_row_is_a_setting() -> None:
    assert documented() == named_in(SETTINGS)
    assert "CPS_VAR" in documented()


def test_no_other_module_knows_of_a_setting_that_is_none() -> None:
    elsewhere = set().union(*(named_in(path) for path in (ROOT / "cps").rglob("*.py")))

    assert elsewhere <= documented()
