"""Junk beside the honest: spam, floods from one address, and what is no form at all (threat 23); doubles are sent by `people`."""

import asyncio
import random
from collections.abc import Sequence
from typing import Final

from tests.storm import forms, people
from tests.storm.day import Seen
from tests.storm.forms import Phone
from tests.storm.people import Storm

_SPAM_SHARE, _GARBAGE_SHARE, _FLOOD_SHARE = 0.1, 0.1, 0.8
_FLOODER: Final = "203.0.113.66"


async def pour(storm: Storm, day: Sequence[Seen], *, a_second: float, seconds: float) -> None:
    """Send so much junk, most of it from one address, until the time is over."""
    loop = asyncio.get_running_loop()
    end, sending = loop.time() + seconds, set[asyncio.Task[None]]()
    while a_second and loop.time() < end:
        task = loop.create_task(_one(storm, day, storm.chance))
        sending.add(task)
        task.add_done_callback(sending.discard)
        await asyncio.sleep(storm.chance.expovariate(a_second))
    await asyncio.gather(*sending)


async def _one(storm: Storm, day: Sequence[Seen], chance: random.Random) -> None:
    which = chance.random()
    if which < _SPAM_SHARE:
        body, kind = forms.spam(chance.choice(day), storm.key(), consent=storm.consent, chance=chance)
        await people.send(storm, "spam", storm.phone().post(body, kind))
    elif which < _SPAM_SHARE + _GARBAGE_SHARE:
        body, kind = forms.garbage(storm.key(), chance)
        await people.send(storm, "garbage", storm.phone().post(body, kind))
    else:
        body, kind = forms.spam(chance.choice(day), storm.key(), consent=storm.consent, chance=chance)
        flooder = Phone(f"{storm.host}:{storm.port}", _FLOODER)
        await people.send(storm, "flood", flooder.post(body, kind))
