"""What can be known of an installation without a server: what is asked for, and what is written. `make bare` does the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parents[2]
_ANSIBLE = _HERE / "deploy" / "ansible"
_TOOLS = Path(sys.executable).parent
HANOI = "deploy/cities/hanoi"
NASTY = "Hà Nội \"một\" 'hai' $HOME `id` \\n \\\\ # % <reports@hanoi.example>"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=_HERE, capture_output=True, text=True, check=False)


def inventory(*asked: str) -> dict[str, object]:
    ended = run(sys.executable, str(_ANSIBLE / "one_city.py"), *asked)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)["all"]["hosts"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ((), "--city, --domain and a way to a certificate are needed, or --inventory."),
        (("--city", HANOI, "--domain", "report.hanoi.example"), "a way to a certificate"),
        (
            ("--city", HANOI, "--domain", "x.example", "--certificate", "README.md"),
            "--certificate needs --key.",
        ),
        (("--city", "docs", "--domain", "x.example", "--self-signed"), "docs is no profile of a city"),
        (
            ("--city", HANOI, "--domain", "x.example", "--self-signed", "--settings", "nowhere"),
            "nowhere cannot be read.",
        ),
        (
            ("--city", HANOI, "--domain", "x.example", "--self-signed", "--host", "cps1", "--bundle", "docs"),
            "docs is no folder of deploy/bin/bundle",
        ),
        (("--city",), "--city needs a value."),
        (("--colour", "blue"), "There is no option --colour."),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_done(asked, sentence):
    ended = run("deploy/bin/install", *asked)

    assert ended.returncode == 1
    assert sentence in ended.stderr


def test_a_city_on_this_machine_needs_neither_ssh_nor_sudo():
    machine = inventory("code=hanoi", f"profile={HANOI}", "domain=x.example", "tls=acme", "host=", "key=")

    assert machine == {
        "localhost": {
            "cities": [
                {"code": "hanoi", "profile": str(_HERE / HANOI), "domain": "x.example", "tls": "acme"}
            ],
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
        }
    }


@pytest.mark.parametrize(
    ("host", "name", "told"),
    [
        ("root@cps1", "cps1", {"ansible_user": "root"}),
        ("an@cps1", "cps1", {"ansible_user": "an", "ansible_become": True}),
        ("cps1", "cps1", {"ansible_become": True}),
    ],
)
def test_on_another_machine_whoever_is_not_root_becomes_it(host, name, told):
    machine = inventory("code=hanoi", f"profile={HANOI}", "domain=x.example", "tls=acme", f"host={host}")[
        name
    ]

    assert {key: value for key, value in machine.items() if key != "cities"} == told


def test_a_line_that_is_no_setting_is_named(tmp_path):
    settings = tmp_path / "settings"
    settings.write_text("# ours\n\nCPS_MAIL_URL=smtp://mail\nMAIL_FROM=me\n")

    ended = run(sys.executable, str(_ANSIBLE / "one_city.py"), f"settings={settings}")

    assert ended.returncode == 1
    assert f"{settings}, line 4: a setting is written as CPS_NAME=value." in ended.stderr


def test_the_roles_can_be_read(tmp_path):
    hosts = tmp_path / "hosts.json"
    hosts.write_text(json.dumps({"all": {"hosts": inventory("code=hanoi", "domain=x", "tls=acme")}}))

    ended = run(
        *(str(_TOOLS / "ansible-playbook"), "--syntax-check", "--inventory", str(hosts)),
        str(_ANSIBLE / "site.yml"),
    )

    assert ended.returncode == 0, ended.stderr


def test_a_setting_with_whatever_signs_is_what_a_shell_reads(tmp_path):
    city = {
        "code": "hanoi",
        "domain": "x.example",
        "settings": {"CPS_MAIL_FROM": NASTY, "CPS_UNDO_SECONDS": 5},
    }
    told = {
        "has_database": True,
        "has_backups": True,
        "city": city,
        "health_token": {"content": "dG9rZW4K"},
        "ansible_python_interpreter": sys.executable,
    }
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(told))
    written = tmp_path / "settings.env"
    template = _ANSIBLE / "roles/city/templates/settings.env"

    ended = run(
        *(str(_TOOLS / "ansible"), "localhost", "--connection", "local", "--extra-vars", f"@{facts}"),
        *("--module-name", "template", "--args", f"src={template} dest={written} mode=0600"),
    )

    assert ended.returncode == 0, ended.stdout
    read = run("sh", "-c", f'. {written}; printf %s\\\\n "$CPS_MAIL_FROM" "$CPS_BASE_URL" $CPS_UNDO_SECONDS')
    assert read.stdout.splitlines() == [NASTY, "https://x.example", "5"]
    assert 'CPS_HEALTH_TOKEN="token"' in written.read_text()
    assert 'CPS_BACKUP_MEDIA="/var/backups/cps/hanoi"' in written.read_text()


def test_postgresql_is_told_what_a_replica_asks_for_and_otherwise_what_it_always_was(tmp_path):
    template = _ANSIBLE / "roles/database/templates/cps.conf"
    wanted = {"listen_addresses": "10.0.0.5", "synchronous_standby_names": "it's one"}

    def written(name, settings):
        facts = {"ansible_facts": {"memtotal_mb": 4096}, "max_connections": 200, "shared_buffers_mb": 256}
        facts |= {"database_settings": settings, "ansible_python_interpreter": sys.executable}
        (tmp_path / f"{name}.json").write_text(json.dumps(facts))
        ended = run(
            *(str(_TOOLS / "ansible"), "localhost", "--connection", "local"),
            *("--extra-vars", f"@{tmp_path / name}.json", "--module-name", "template"),
            *("--args", f"src={template} dest={tmp_path / name}"),
        )
        assert ended.returncode == 0, ended.stdout
        return (tmp_path / name).read_text()

    plain, more = written("plain", {}), written("more", wanted)

    assert more == plain + "listen_addresses = '10.0.0.5'\nsynchronous_standby_names = 'it''s one'\n"
    assert plain.endswith("jit = off\n")


def test_the_list_of_debian_packages_is_what_the_roles_install():
    packages = run(sys.executable, str(_ANSIBLE / "packages.py")).stdout.split()

    assert {"postgresql", "nginx-light", "certbot", "nftables", "python3-venv"} <= set(packages)
    assert packages == sorted(set(packages))
