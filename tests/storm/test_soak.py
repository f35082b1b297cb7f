"""A soak finds what grows, and only that."""

import pytest

from tests.storm.soak import Sample, judged


def samples(grows):
    return [
        Sample(
            at=30.0 * turn,
            steady={"web memory MB": 100.0 + (20.0 if turn > 3 else 0.0) + grows(turn), "connections": 9.0},
            tables={"event": (8192 * (turn + 1), turn)},
            files={"photos": 1000 * turn},
        )
        for turn in range(40)
    ]


@pytest.mark.parametrize(
    ("grows", "faults"),
    [
        (lambda _turn: 0.0, []),
        (lambda turn: turn % 2 * 3.0, []),
        (lambda turn: 0.05 * turn, []),
        (lambda turn: 0.5 * turn, ["web memory MB grew from 127.2 to 137.2"]),
    ],
)
def test_only_what_grows_after_the_first_quarter_is_found(grows, faults, capsys):
    assert judged(samples(grows)) == faults
    assert "event" in capsys.readouterr().out
