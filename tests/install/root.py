"""A bare Debian, made by debootstrap, whose systemd is booted in namespaces: what cities are really installed on.

It needs root, and the packages debootstrap and tinyproxy: the root has a network of its own, from which package
registries are reached through a proxy on this machine.
"""

import ipaddress
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.living import until

SUITE = "bookworm"
_OUTSIDE, INSIDE = "10.77.0.1", "10.77.0.2"
_NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup")
_PACKAGES = "systemd,systemd-sysv,dbus,python3,ca-certificates,iproute2"
_SOURCES = """\
deb http://deb.debian.org/debian {suite} main
deb http://deb.debian.org/debian {suite}-updates main
deb http://deb.debian.org/debian-security {suite}-security main
"""
_PROXY = f"http://{_OUTSIDE}:8888"
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "http_proxy": _PROXY,
    "https_proxy": _PROXY,
}


def bare(folder: Path, *, kept: Path) -> Path:
    """Make a bare root in `folder`, from the one in `kept`, which is made first if it is not there."""
    if not (kept / "etc").is_dir():
        aside = kept.with_name(f"{kept.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.parent.mkdir(parents=True, exist_ok=True)
        command = ("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", SUITE, str(aside))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        aside.rename(kept)
    subprocess.run(("cp", "-a", "--reflink=auto", str(kept), str(folder)), check=True)
    (folder / "etc/apt/sources.list").write_text(_SOURCES.format(suite=SUITE))
    (folder / "etc/apt/apt.conf.d/01proxy").write_text(f'Acquire::http::Proxy "{_PROXY}";\n')
    (folder / "etc/systemd/system/console-getty.service").symlink_to("/dev/null")
    _trust_as_here(folder)
    return folder


def _trust_as_here(folder: Path) -> None:
    """Let it trust whom this machine trusts: registries may be reached through something that signs for them."""
    ours = Path("/usr/local/share/ca-certificates")
    if ours.is_dir():
        shutil.copytree(ours, folder / "usr/local/share/ca-certificates", dirs_exist_ok=True)
        subprocess.run(("chroot", str(folder), "update-ca-certificates"), check=True, capture_output=True)
    (folder / "etc/pip.conf").write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")


class Machine:
    """A booted root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pid = 0
        self._outer: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Boot it, and wait until systemd has started what it was told to."""
        groups = _control_group()
        with (self.folder.parent / f"{self.folder.name}.boot.log").open("ab") as log:
            self._outer = subprocess.Popen(
                (
                    "unshare",
                    *_NAMESPACES,
                    "--fork",
                    str(Path(__file__).with_name("boot.sh")),
                    str(self.folder),
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: (groups / "cgroup.procs").write_text(str(os.getpid())),  # noqa: PLW1509
            )
        self._pid = until(self._first_process, seconds=20, what="the first process of the root")
        until(self._is_up, seconds=90, what="the root to boot")
        _join_network(self._pid)
        self.run("ip", "address", "add", f"{INSIDE}/24", "dev", "inside")
        self.run("ip", "link", "set", "inside", "up")

    def cut_the_power(self) -> None:
        """Kill everything in it at once."""
        os.kill(self._pid, signal.SIGKILL)
        assert self._outer is not None
        self._outer.wait(30)

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it as root, and return what came of it; output of both kinds in one."""
        ended = subprocess.run(
            ("nsenter", "--target", str(self._pid), *_NAMESPACES, "env", "-i", *_environment(), *command),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert not check or ended.returncode == 0, f"{' '.join(command)}:\n{ended.stdout[-3000:]}"
        return ended

    def processes(self) -> dict[int, str]:
        """Return the commands of all processes in it, by the numbers that they have on this machine."""
        inside = os.readlink(f"/proc/{self._pid}/ns/pid")  # noqa: PTH115
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(folder / "ns/pid") == inside:  # noqa: PTH115 - a name of the kernel's, not a path
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ").strip()
        return found

    def environment(self, pattern: str) -> list[str]:
        """Return the variables of the first process whose command matches."""
        pid = next(pid for pid, command in self.processes().items() if re.search(pattern, command))
        return Path(f"/proc/{pid}/environ").read_text().split("\0")

    def kill(self, pattern: str) -> int:
        """Kill -9 every process whose command matches, and return how many there were."""
        pids = [pid for pid, command in self.processes().items() if re.search(pattern, command)]
        for pid in pids:
            with suppress(ProcessLookupError):  # gone with its parent
                os.kill(pid, signal.SIGKILL)
        return len(pids)

    def _first_process(self) -> int:
        assert self._outer is not None
        children = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def _is_up(self) -> bool:
        told = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return told in ("running", "degraded")


def _environment() -> list[str]:
    return [f"{name}={value}" for name, value in _ENVIRONMENT.items()]


def _control_group() -> Path:
    unified = Path("/sys/fs/cgroup/unified")
    group = (unified if unified.is_dir() else Path("/sys/fs/cgroup")) / f"cps-{os.getpid()}"
    group.mkdir(exist_ok=True)
    return group


def _join_network(pid: int) -> None:
    """Lay a cable from this machine into the root."""
    with suppress(subprocess.CalledProcessError):
        subprocess.run(("ip", "link", "delete", "cps-outside"), check=True, capture_output=True)
    cable = ("ip", "link", "add", "cps-outside", "type", "veth", "peer", "name", "inside", "netns", str(pid))
    for command in (
        cable,
        ("ip", "address", "add", f"{_OUTSIDE}/24", "dev", "cps-outside"),
        ("ip", "link", "set", "cps-outside", "up"),
    ):
        subprocess.run(command, check=True)


@contextmanager
def proxy() -> Iterator[None]:
    """Run the proxy through which the root reaches package registries, once there is a cable."""
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "tinyproxy.conf"
        network = ipaddress.ip_network(f"{_OUTSIDE}/24", strict=False)
        configuration.write_text(
            f"Port 8888\nListen {_OUTSIDE}\nAllow {network}\nConnectPort 443\nTimeout 600\n"
        )
        process = subprocess.Popen(("tinyproxy", "-d", "-c", str(configuration)), stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)
