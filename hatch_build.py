"""The build hook: compiled catalogues and built assets go into the wheel, and into a checkout."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildHook(BuildHookInterface[Any]):
    """Build what the sources only describe, before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; editable installs leave it to `cps assets build`, which set-up runs when sources change."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            module = importlib.import_module("cps.web.building")
            module.build()
        finally:
            sys.path.remove(str(root))
        build_data["artifacts"].extend(["/cps/translations/**/*.mo", "/static/built/**", "/static/vendor/**"])
