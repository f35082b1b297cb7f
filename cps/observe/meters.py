"""The counts themselves, as Prometheus reads them. Loaded only where they are wanted (`counts`).

Labels are names from the code (endpoints, tasks, outcomes), never what came with a request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

# From what nobody notices (50 ms) over what is felt (1 s) to what the database is allowed to take (30 s).
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_JOB_SECONDS: Final = (0.05, 0.25, 1.0, 5.0, 20.0, 60.0, 300.0)


class Meters:
    """All counts of this process; `place` names where it writes them, and changes with each fork."""

    def __init__(self, folder: Path, place: Callable[[], str]) -> None:
        self._folder = folder
        values.ValueClass = values.MultiProcessValue(place)  # type: ignore[no-untyped-call] # as its documentation says
        self._requests = Counter(
            "cps_requests", "Requests answered.", ("endpoint", "method", "status"), registry=None
        )
        self._durations = Histogram(
            "cps_request_duration_seconds",
            "From a request to its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=None,
        )
        self._in_flight = Gauge(
            "cps_requests_in_flight",
            "Requests being answered.",
            multiprocess_mode="livesum",
            registry=None,
        )
        self._filings = Counter(
            "cps_filings", "Reports handed in, by what became of them.", ("outcome", "reason"), registry=None
        )
        self._photos = Counter("cps_photos", "Photos, by what became of them.", ("outcome",), registry=None)
        self._jobs = Counter("cps_jobs", "Jobs tried, by how that went.", ("task", "outcome"), registry=None)
        self._job_durations = Histogram(
            "cps_job_duration_seconds", "How long a job took.", ("task",), buckets=_JOB_SECONDS, registry=None
        )
        self._reads = Counter(
            "cps_reads",
            "Pages that the replica may answer, by who answered: primary or replica.",
            ("source",),
            registry=None,
        )
        self.begin()

    def begin(self) -> None:
        """Begin in this process: nothing is being answered yet, and outcomes that alarms ask for are there from the start."""
        self._in_flight.set(0)
        for outcome in ("stored", "failed"):
            self._filings.labels(outcome, "")

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(endpoint, method, f"{status // 100}xx").inc()
        self._durations.labels(endpoint).observe(seconds)

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        self._in_flight.inc()
        try:
            yield
        finally:
            self._in_flight.dec()

    def filing(self, outcome: str, reason: str) -> None:
        self._filings.labels(outcome, reason).inc()

    def photo(self, outcome: str) -> None:
        self._photos.labels(outcome).inc()

    def job(self, task: str, outcome: str, seconds: float) -> None:
        self._jobs.labels(task, outcome).inc()
        self._job_durations.labels(task).observe(seconds)

    def read(self, source: str) -> None:
        self._reads.labels(source).inc()

    def add_to(self, registry: CollectorRegistry) -> None:
        """Let the registry read what all processes counted."""
        MultiProcessCollector(registry, path=str(self._folder))  # type: ignore[no-untyped-call]
