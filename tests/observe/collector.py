"""A collector of traces on this machine, that reads what it is sent as any collector would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collected:
    """What came: the bytes, and the spans in them."""

    url: str
    sent: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Any]:
        """Return every span."""
        return [
            span
            for body in self.sent
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def services(self) -> set[str]:
        """Return who sent them."""
        return {
            attribute.value.string_value
            for body in self.sent
            for one in ExportTraceServiceRequest.FromString(body).resource_spans
            for attribute in one.resource.attributes
            if attribute.key == "service.name"
        }


@contextmanager
def collecting() -> Iterator[Collected]:
    """Take traces until the block ends."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/v1/traces"
            collected.sent.append(body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    collected = Collected(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collected
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def attributes(span: Any) -> dict[str, str]:
    """Return what a span says, as text."""
    return {one.key: one.value.string_value or str(one.value.int_value) for one in span.attributes}
