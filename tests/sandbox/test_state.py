"""What was edited outlives a restart; the demo is the same every time; production is refused."""

import os
import subprocess
import sys

import httpx

from tests.sandbox.client import app_token
from tests.sandbox.test_mail import send
from tests.sandbox_fixture import AMPERE, CURIE, LUMIERE, ROOT, running


def test_edits_mail_and_keys_outlive_a_restart(tmp_path):
    student = "eeeeeeee-1111-4000-8000-000000000002"
    kept = ("--state-dir", str(tmp_path / "state"))
    with running(tmp_path, *kept) as simulator:
        simulator.change_person(LUMIERE, student, displayName="Changed")
        simulator.change_members(LUMIERE, "99999999-1111-4000-8000-000000000004", remove=[student])
        simulator.permissions(AMPERE, ["User.Read.All"])
        send(simulator, "helene@lumiere.example")
        kid = httpx.get(f"{simulator.microsoft_url}/common/discovery/v2.0/keys", trust_env=False, verify=False).json()[
            "keys"
        ][0]["kid"]
    with running(tmp_path, *kept) as simulator:
        assert simulator.people(LUMIERE, "changed")[0]["id"] == student
        bde = next(group for group in simulator.groups(LUMIERE) if group["displayName"] == "BDE")
        assert student not in bde["members"]
        assert app_token(simulator, AMPERE)
        assert len(simulator.mail(to="helene")) == 1
        keys = httpx.get(f"{simulator.microsoft_url}/common/discovery/v2.0/keys", trust_env=False, verify=False).json()[
            "keys"
        ]
        assert [key["kid"] for key in keys] == [kid]


def test_the_demo_has_the_documented_organisations(sandbox):
    sandbox.reset("demo")
    first = {tid: sandbox.people(tid, limit=5000) for tid in (LUMIERE, CURIE, AMPERE)}
    assert 400 <= len(first[LUMIERE]) <= 440
    assert 140 <= len(first[CURIE]) <= 160
    assert len(first[AMPERE]) >= 2400
    assert sandbox.organisation(AMPERE)["consents"] == {}
    campuses = {group["displayName"]: group["users"] for group in sandbox.groups(AMPERE)}
    assert campuses["Campus Nantes"] > 1000
    assert campuses["Campus Lille"] > 1000
    sandbox.reset("demo")
    assert sandbox.people(LUMIERE, limit=5000) == first[LUMIERE]


def test_it_does_not_start_in_production(tmp_path):
    environment = os.environ | {"CAMPANILE_ENV": "production"}
    run = subprocess.run(
        [sys.executable, "-m", "sandbox", "--port", "0"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert "does not start in production" in run.stderr


def test_another_web_page_may_not_press_the_buttons(sandbox):
    answer = httpx.post(
        f"{sandbox.url}/control/reset",
        json={},
        headers={"origin": "https://evil.example"},
        trust_env=False,
        verify=False,
    )
    assert answer.status_code == 403
