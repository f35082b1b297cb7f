"""The floors: the same statements by bare psycopg, and a Flask route that does nothing."""

import os
import secrets
from uuid import uuid4

import psycopg
from flask import Flask
from gunicorn.app.base import BaseApplication

_FILE = (
    "WITH claimed AS (INSERT INTO submission (key) VALUES (%(key)s) RETURNING number), "
    "filed AS (INSERT INTO complaint (id, reference, submission_key, tracking_hash, version, status, category_id,"
    " department_id, area_id, latitude, longitude, landmark, words, language, is_public, is_demo, promise,"
    " acknowledge, handover, hops, bounces, received_at, due_at, acknowledge_by) SELECT number, %(reference)s, %(key)s, %(hash)s, 1, 'received', category_id,"
    " department_id, area_id, 21.0287, 105.8523, landmark, words, language, is_public, false, promise, acknowledge,"
    " 'settled', 0, 0, now(), now() + interval '5 days', now() + interval '8 hours' FROM claimed, (SELECT * FROM complaint ORDER BY id LIMIT 1) example RETURNING id,"
    " department_id), "
    "told AS (INSERT INTO event (complaint_id, position, kind, at, status, department_id, note, is_internal, details)"
    " SELECT id, 1, 'received', now(), 'received', department_id, '', false, '{}' FROM filed RETURNING id) "
    "INSERT INTO reporter (complaint_id, email, language) SELECT id, 'bench@citizen.example', 'vi' FROM filed"
)
_DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'announce', 0, NULL, NULL, '{\"event_id\": 0}'::jsonb,"
    " NULL)::procrastinate_job_to_defer_v1])"
)
QUEUE = (
    "SELECT * FROM complaint WHERE department_id = %s AND status IN"
    " ('received', 'assigned', 'in_progress', 'waiting') ORDER BY due_at, id LIMIT 26"
)
TRACKING = "SELECT * FROM complaint c JOIN event e ON e.complaint_id = c.id WHERE c.tracking_hash = %s ORDER BY e.position"
ONE = "SELECT * FROM complaint c JOIN event e ON e.complaint_id = c.id WHERE c.reference = %s ORDER BY e.position"


def file(connection: psycopg.Connection) -> None:
    """File a report with the fewest statements there are, durably."""
    key = uuid4()
    connection.execute(
        _FILE, {"key": key, "reference": secrets.token_hex(5), "hash": secrets.token_bytes(32)}
    )
    connection.execute(_DEFER)
    connection.commit()


class EmptyFlask(BaseApplication):
    """Flask on the same gunicorn, with one route that says nothing."""

    def load_config(self) -> None:
        """Take the same shape as the real thing."""
        for name, value in {
            "bind": f"127.0.0.1:{os.environ['FLOOR_PORT']}",
            "workers": 2,
            "threads": 4,
            "worker_class": "gthread",
            "keepalive": 15,
            "loglevel": "error",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the empty application."""
        app = Flask("floor")
        app.add_url_rule("/", view_func=lambda: "")
        return app


if __name__ == "__main__":
    EmptyFlask().run()
