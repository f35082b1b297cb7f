"""A darkroom on standby develops as a new one for each photo does, and is as confined and as little trusted."""

import io
import os
import signal
import subprocess
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from cps.photos import decode, keeper, standby
from cps.photos.decode import Reason, Renditions, Unreadable, on_standby, renditions
from cps.photos.standby import Standby
from tests.living import until


@pytest.fixture
def open_one() -> Iterator[Standby]:
    with on_standby():
        yield decode._STANDBY[-1]


def a_jpeg(colour: str = "teal", size: tuple[int, int] = (1600, 1200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def test_many_photos_are_developed_by_processes_of_one_darkroom_each_as_it_would_be_alone(open_one):
    photos = [a_jpeg(colour) for colour in ("teal", "red", "lime")]
    alone = [subprocess_of(data) for data in photos]

    made = [renditions(io.BytesIO(data)) for data in photos]

    assert made == alone
    assert len(open_one._processes) == 1


def subprocess_of(data: bytes) -> object:
    kept, decode._STANDBY[:] = list(decode._STANDBY), []
    try:
        return renditions(io.BytesIO(data))
    finally:
        decode._STANDBY[:] = kept


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Reason.NOT_A_PHOTO),
        (a_jpeg()[:700], Reason.BROKEN),
        (b"\xff\xd8\xff" + bytes(900), Reason.BROKEN),
        (a_jpeg(size=(9000, 6000)), Reason.TOO_MANY_PIXELS),
    ],
)
def test_what_cannot_be_read_is_told_as_by_a_darkroom_of_its_own(open_one, data, why):
    assert renditions(io.BytesIO(data)) == Unreadable(why)


def test_a_photo_that_takes_too_long_is_ended_and_the_next_is_developed(open_one):
    assert renditions(io.BytesIO(a_jpeg(size=(7000, 7000))), seconds=0.0) == Unreadable(Reason.LIMITS)
    assert isinstance(renditions(io.BytesIO(a_jpeg())), Renditions)
    assert len(open_one._processes) == 1


def test_two_hands_develop_at_once(open_one):
    made: list[object] = []
    hands = [
        threading.Thread(target=lambda: made.append(renditions(io.BytesIO(a_jpeg())))) for _hand in range(4)
    ]

    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert [type(one) for one in made] == [Renditions] * 4


def test_one_that_was_killed_is_begun_anew(open_one):
    renditions(io.BytesIO(a_jpeg()))
    killed = open_one._processes[-1]

    killed.kill()
    killed.wait()

    assert isinstance(renditions(io.BytesIO(a_jpeg())), Renditions)
    assert open_one._processes[-1].pid != killed.pid


def test_it_is_begun_anew_after_many_photos(open_one, monkeypatch):
    monkeypatch.setattr(standby, "_MOST_PHOTOS", 2)

    pids = []
    for _photo in range(5):
        renditions(io.BytesIO(a_jpeg()))
        pids.append(open_one._processes[-1].pid)

    assert len(set(pids)) == 3


def test_where_none_can_be_kept_open_each_photo_has_one_of_its_own(open_one, monkeypatch):
    monkeypatch.setattr(open_one, "_start", lambda: (_ for _ in ()).throw(standby.Away))

    assert isinstance(renditions(io.BytesIO(a_jpeg())), Renditions)


def test_the_process_of_a_photo_is_confined_and_a_group_of_its_own(open_one):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, open_one.begin(source) as process:  # waits for its photo
        alone = os.getpgid(process.pid)
        os.write(writing, a_jpeg()[:20])
        os.kill(process.pid, signal.SIGSTOP)
        os.close(writing)
        os.kill(process.pid, signal.SIGCONT)
        answer = process.stdout.read()
        code = process.wait(20)

    assert alone == process.pid
    assert answer.startswith(decode.GREETING), "it says so only once it is confined"
    assert code == 1


def test_a_process_that_a_photo_kills_takes_nobody_with_it(open_one):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, open_one.begin(source) as process:
        os.kill(process.pid, signal.SIGSEGV)
        code = process.wait(20)
    os.close(writing)

    assert code == -signal.SIGSEGV
    assert isinstance(renditions(io.BytesIO(a_jpeg())), Renditions)
    assert len(open_one._processes) == 1


def test_it_ends_with_whoever_opened_it():
    with on_standby():
        renditions(io.BytesIO(a_jpeg()))
        process = decode._STANDBY[-1]._processes[-1]

    assert process.returncode == 0
    assert decode._STANDBY == []


def test_an_idle_one_ends_by_itself():
    program = "from cps.photos import keeper; keeper._IDLE_SECONDS = 0.2; keeper.main()"
    ours, theirs = standby.socket.socketpair()
    with ours, theirs:
        started = subprocess.Popen(
            [standby.sys.executable, "-c", program], stdin=theirs.fileno(), env=standby.ENVIRONMENT
        )

        code = until(
            lambda: [started.poll()] if started.poll() is not None else None, seconds=20, what="its end"
        )

    assert code == [0]
    assert keeper._IDLE_SECONDS == 60.0
