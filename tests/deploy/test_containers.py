"""The parts of a city in containers: each behind the same walls, and none knows a password of another."""

from pathlib import Path
from typing import Any

import pytest
import yaml

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_COMPOSED: dict[str, Any] = yaml.safe_load((_DEPLOY / "compose.yaml").read_text())
PARTS = sorted(_COMPOSED["services"])


def test_the_parts_are_there():
    assert {"backup", "database", "web", "worker"} <= set(PARTS)


@pytest.mark.parametrize("name", PARTS)
def test_every_part_stands_behind_the_same_walls(name):
    part = _COMPOSED["services"][name]

    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert not part.get("privileged")


@pytest.mark.parametrize("name", PARTS)
def test_every_image_is_a_stage_that_gives_up_root(name):
    target = _COMPOSED["services"][name]["build"]["target"]
    recipe = (_DEPLOY / "Containerfile").read_text()
    stage = recipe.split(f" AS {target}\n", 1)[1].split("\nFROM ", 1)[0]

    assert "\nUSER " in stage


def test_nobody_reaches_the_database_over_a_network_and_the_web_side_is_for_a_proxy_here():
    assert _COMPOSED["services"]["database"]["network_mode"] == "none"
    assert [port.partition(":")[0] for port in _COMPOSED["services"]["web"]["ports"]] == ["127.0.0.1"]


def test_every_volume_that_is_used_is_named():
    used = {
        volume.partition(":")[0]
        for part in _COMPOSED["services"].values()
        for volume in part["volumes"]
        if volume[0] not in "./$"
    }

    assert used == set(_COMPOSED["volumes"])
