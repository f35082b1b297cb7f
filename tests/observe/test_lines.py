"""Lines of log: what is in them, what never is, and that one thing is one line."""

import json
import logging
import subprocess
import sys
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from psycopg.errors import UniqueViolation

from cps.observe import doing, faults, lines

CANARY = "kanari"


@pytest.fixture
def log():
    """Say something through a record as it would be written, in a style; the loggers of the tests stay as they are."""
    out = StringIO()

    def write(style, name, level, message, *args, **more):
        handler = logging.StreamHandler(out)
        handler.setFormatter(lines._AsJson("web") if style == lines.JSON else lines._AsText("web"))
        handler.addFilter(lines._is_worth_a_line)
        logger = logging.Logger(name)  # noqa: LOG001 - one that nobody else has
        logger.addHandler(handler)
        logger.log(level, message, *args, **more)
        return out.getvalue()

    return write


def said(log, name, message, *args, level=logging.WARNING, **more):
    return json.loads(log(lines.JSON, name, level, message, *args, **more))


def caught(error):
    """Return an error as it is when it was raised while another was handled."""
    try:
        try:
            raise ValueError(f"{CANARY} inner")
        except ValueError as inner:
            raise error from inner
    except type(error) as raised:
        return raised


def test_a_line_has_its_keys_in_order_and_no_others(log):
    line = said(log, "cps.notify.tasks", "letter %s is late", 7)

    assert tuple(line) == lines.KEYS
    assert (line["level"], line["logger"], line["message"]) == (
        "warning",
        "cps.notify.tasks",
        "letter 7 is late",
    )
    assert line["time"].endswith("+00:00")


def test_a_line_says_what_it_was_at(log):
    with doing.this(request="ab12", endpoint="none"):
        doing.learn(endpoint="citizen.file")
        line = said(log, "cps.web.pages", "x")

    assert (line["request"], line["endpoint"], line["job"]) == ("ab12", "citizen.file", None)
    assert doing.facts() == {}


def test_what_is_learned_outside_of_any_work_is_not_kept():
    doing.learn(endpoint="citizen.file")

    assert doing.facts() == {}


@pytest.mark.parametrize("style", [lines.JSON, lines.TEXT])
@pytest.mark.parametrize("cut", ["\n", "\r\n", "\u2028", "\x85", "\v", "\x1b[2J"])
def test_no_words_make_a_second_line(log, style, cut):
    written = log(style, "cps.desk", logging.ERROR, "a reason: %s", f"one{cut}two")

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written


def test_an_error_is_told_by_kind_code_and_places(log):
    line = said(log, "cps.web.pages", "it broke: %s", OSError(28, CANARY), exc_info=caught(KeyError(CANARY)))

    assert line["message"] == "it broke: OSError ENOSPC"
    assert line["fault"]["type"] == "KeyError"
    assert line["fault"]["cause"]["type"] == "ValueError"
    assert line["fault"]["stack"][-1].startswith("tests/observe/test_lines.py:")
    assert line["fault"]["stack"][-1].endswith(" caught")
    assert CANARY not in json.dumps(line)


def test_an_error_of_the_database_is_told_by_its_state_and_one_of_a_mail_server_by_its_answers():
    refused = SMTPRecipientsRefused({f"{CANARY}@citizen.example": (550, CANARY.encode())})

    assert faults.named(UniqueViolation(CANARY)) == "psycopg.errors.UniqueViolation 23505"
    assert faults.named(refused) == "smtplib.SMTPRecipientsRefused 550"


def test_an_error_that_came_of_another_has_it_as_its_cause():
    error = ValueError()
    error.__context__ = KeyError()

    assert faults.described(error)["cause"]["type"] == "KeyError"


def test_an_error_that_hides_its_context_has_no_cause():
    error = caught(KeyError())
    error.__suppress_context__, error.__cause__ = True, None

    assert faults.described(error)["cause"] is None


def test_causes_that_go_round_in_a_ring_end():
    error = ValueError()
    error.__cause__ = error

    assert json.dumps(faults.described(error)).count("ValueError") == 4


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("Worker (pid:%s) was sent %s!", 12, CANARY), "Worker (pid:12) was sent …!"),
        (("Error handling request %s", f"/track/{CANARY}"), "Error handling request …"),
        (("%(who)s went", {"who": CANARY}), "%(who)s went"),
        (("%d times", CANARY), "%d times"),
    ],
)
def test_of_other_packages_only_what_stands_in_their_code_is_said(log, args, message):
    line = said(log, "gunicorn.error", *args)

    assert line["message"] == message


def test_a_sentence_that_stands_in_the_code_of_another_package_is_said(log):
    assert said(log, "gunicorn.error", "Connection lost")["message"] == "Connection lost"


def test_words_that_another_package_put_together_are_left_out(log):
    line = said(log, "gunicorn.error", f"Invalid request from ip={CANARY}")

    assert line["message"].endswith(" said something that is left out")
    assert "test_lines.py:" in line["message"]
    assert CANARY not in json.dumps(line)


def test_an_error_as_a_message_is_told_by_its_kind(log):
    assert said(log, "gunicorn.error", ValueError(CANARY))["message"] == "ValueError"


def a_job(**more):
    job = {"task_name": "deliver", "id": 7, "task_kwargs": {"address": CANARY}, "call_string": CANARY}
    return {"job": job, "duration": 0.25, **more}


def test_the_end_of_a_job_is_told_without_its_arguments(log):
    line = said(
        log,
        "procrastinate.worker",
        f"Job deliver[7]({CANARY}) ended",
        level=logging.INFO,
        extra=a_job(action="job_success"),
    )

    assert (line["job"], line["job_id"], line["ms"], line["message"]) == (
        "deliver",
        7,
        250.0,
        "the job is done",
    )
    assert CANARY not in json.dumps(line)


def test_a_job_that_is_tried_again_is_a_warning(log):
    line = said(
        log,
        "procrastinate.worker",
        CANARY,
        level=logging.INFO,
        extra=a_job(action="job_error_retry"),
        exc_info=caught(KeyError(CANARY)),
    )

    assert line["level"] == "warning"
    assert line["fault"]["type"] == "KeyError"


def test_what_a_worker_says_of_itself_all_day_is_no_line(log):
    assert log(lines.JSON, "procrastinate.worker", logging.INFO, "x", extra={"action": "start_worker"}) == ""


def test_text_is_for_people(log):
    with doing.this(request="ab12", endpoint="citizen.file"):
        text = log(lines.TEXT, "cps.web.pages", logging.ERROR, "it broke", exc_info=caught(KeyError(CANARY)))

    assert text.startswith("ERROR cps.web.pages: it broke (request=ab12 endpoint=citizen.file) KeyError < ")
    assert "; because of ValueError < tests/observe/test_lines.py:" in text
    assert CANARY not in text


_LOUD = """
import logging, threading, warnings
from cps.observe import lines
lines.begin("{style}", process="web")
lines.of_city("hanoi")
logging.getLogger("cps.requests").info("answered")
logging.getLogger("cps.x").warning("a %s b", "kept")
logging.getLogger("asyncio").error("Task %s died", "kanari")
logging.getLogger("cps.x").warning("%d", "kanari", "kanari")

class Unsayable:
    def __str__(self):
        raise ValueError("kanari")

logging.getLogger("cps.x").warning("%s", Unsayable())
warnings.warn("kanari", RuntimeWarning)
thread = threading.Thread(target=lambda: int("kanari"))
thread.start()
thread.join()

class Lost:
    def __del__(self):
        raise KeyError("kanari")

Lost()
raise ValueError("kanari")
"""


@pytest.mark.parametrize(("style", "count"), [(lines.JSON, 8), (lines.TEXT, 7)])
def test_whatever_python_prints_of_errors_is_a_line_without_their_words(style, count):
    ended = subprocess.run(
        [sys.executable, "-c", _LOUD.format(style=style)], capture_output=True, text=True, check=False
    )
    written = ended.stderr.splitlines()

    assert (ended.returncode, ended.stdout, len(written)) == (1, "", count), ended.stderr
    assert CANARY not in ended.stderr
    if style == lines.JSON:
        found = [json.loads(line) for line in written]
        assert {line["city"] for line in found} == {"hanoi"}
        assert [line["fault"]["type"] for line in found if line["fault"]] == [
            "ValueError",
            "KeyError",
            "ValueError",
        ]
        assert any("RuntimeWarning" in line["message"] for line in found)
