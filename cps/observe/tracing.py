"""Traces by OpenTelemetry: requests by their endpoint, SQL as it is written in the code, jobs, letters handed over.

Neither values nor the words of errors are in them. Loaded only where traces are wanted (`spans`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from sqlalchemy import Engine, event

from cps.observe import doing, faults

_PATH: Final = "/v1/traces"  # OTLP/HTTP
_PATIENCE_SECONDS: Final = 5
_SPAN: Final = "cps_span"


class Tracing:
    """What this process traces, and sends to a collector in the background."""

    def __init__(self, url: str, *, process: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": f"cps-{process}"}))
        exporter = OTLPSpanExporter(f"{url.rstrip('/')}{_PATH}", timeout=_PATIENCE_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("cps")
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "handle_error", self._failed)

    def end(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    @contextmanager
    def request(self) -> Iterator[None]:
        with self._span("request", SpanKind.SERVER, {"cps.request": doing.facts().get("request", "")}):
            yield

    def name_request(self, endpoint: str, method: str, status: int) -> None:
        span = trace.get_current_span()
        span.update_name(f"{method} {endpoint}")
        span.set_attributes(
            {
                "http.request.method": method,
                "http.route": endpoint,
                "http.response.status_code": status,
            }
        )
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))

    @contextmanager
    def job(self, task: str, number: int | None) -> Iterator[None]:
        with self._span(f"job {task}", SpanKind.CONSUMER, {"cps.job": task, "cps.job_id": number or 0}):
            yield

    @contextmanager
    def letter(self) -> Iterator[None]:
        with self._span("letter", SpanKind.CLIENT, {}):
            yield

    @contextmanager
    def _span(self, name: str, kind: SpanKind, attributes: dict[str, Any]) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                _spoil(span, error)
                raise

    def _before(
        self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        span = self._tracer.start_span(
            f"SQL {statement.lstrip().partition(' ')[0].upper()[:20]}",
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": statement},
        )
        setattr(context, _SPAN, span)

    def _after(
        self, _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        span: Span | None = getattr(context, _SPAN, None)
        if span is not None:
            span.end()

    def _failed(self, failure: Any) -> None:
        span: Span | None = getattr(failure.execution_context, _SPAN, None)
        if span is not None:
            _spoil(span, failure.original_exception)
            span.end()


def _spoil(span: Span, error: BaseException) -> None:
    span.set_attribute("error.type", faults.named(error))
    span.set_status(Status(StatusCode.ERROR))
