"""The supervisor of the demonstration: what dies is started again, and everything that was started is ended."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.dev import supervisor
from config.dev.supervisor import Child, ChildProblem, Supervisor

ROOT = Path(__file__).resolve().parents[2]
# a server with a child of its own, as gunicorn and Celery are; it says when it works
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("at work", flush=True)
time.sleep(600)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("at work", flush=True)
time.sleep(600)
"""
RUN = """
import sys; sys.path.insert(0, {root!r})
from pathlib import Path
from config.dev import supervisor
from config.dev.supervisor import Child, Supervisor
runner = Supervisor(Path({folder!r}), environment={{}}, cwd=Path("/"))
supervisor.end_on_signals(runner)
try:
    command = [sys.executable, "-c", {family!r}]
    runner.start(*[Child(name, command, says_when_ready="at work") for name in ("one", "two")])
    print("Ready", flush=True)
    runner.watch()
finally:
    runner.end()
"""


def python(code: str, name: str = "child", **options) -> Child:
    return Child(name, [sys.executable, "-c", code], **options)


@pytest.fixture
def said():
    return []


@pytest.fixture
def runner(tmp_path, said):
    made = Supervisor(tmp_path, environment={"GIVEN": "yes"}, cwd=tmp_path, say=said.append)
    yield made
    made.end()


def started_for(folder: Path) -> list[psutil.Process]:
    """Every living process that carries the mark of this folder, whatever group it is in."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CAMPANILE_STARTED_FOR") == str(folder) and supervisor._is_alive(process):
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


@pytest.fixture
def outside(tmp_path):
    """A supervisor in a process of its own with two families, ready."""
    code = RUN.format(root=str(ROOT), folder=str(tmp_path), family=FAMILY)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout.readline() == "Ready\n"
    wait_until(lambda: len(started_for(tmp_path)) == 4)
    yield process
    process.kill()
    process.communicate()
    for left in started_for(tmp_path):
        left.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(outside, tmp_path, number):
    outside.send_signal(number)
    assert outside.wait(30) == 0
    assert started_for(tmp_path) == []
    assert not (tmp_path / "processes.json").exists()


def test_stop_ends_everything(outside, tmp_path):
    assert supervisor.stop(tmp_path)
    assert started_for(tmp_path) == []
    assert outside.wait(10) == 0
    assert not supervisor.stop(tmp_path), "nothing is left to stop"


def test_stop_finds_what_a_killed_supervisor_left(outside, tmp_path):
    outside.kill()
    outside.wait(10)
    assert len(started_for(tmp_path)) == 4, "the control: killing the supervisor leaves its children"
    assert supervisor.stop(tmp_path)
    assert started_for(tmp_path) == []


def test_stop_finds_orphans_whose_leader_was_killed_too(outside, tmp_path):
    outside.kill()
    for entry in json.loads((tmp_path / "processes.json").read_text()):
        if entry["name"] != "supervisor":
            os.kill(entry["pid"], signal.SIGKILL)
    wait_until(lambda: len(started_for(tmp_path)) == 2)
    assert supervisor.stop(tmp_path)
    assert started_for(tmp_path) == []


def test_stop_never_touches_a_process_that_got_an_old_number(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as other:
        (tmp_path / "processes.json").write_text(
            json.dumps([{"name": name, "pid": other.pid, "started": 1.0} for name in ("supervisor", "web")])
        )
        assert not supervisor.stop(tmp_path)
        assert other.poll() is None
        other.kill()


def test_a_child_that_dies_is_started_again_and_the_user_is_told(runner, said):
    runner.start(python(FAMILY, says_when_ready="at work"))
    before = runner.running["child"].process
    os.killpg(before.pid, signal.SIGKILL)
    before.wait(10)
    entry = runner.running["child"]
    wait_until(lambda: runner._look_after(entry) or entry.process.pid != before.pid)
    assert entry.process.poll() is None
    assert "child ended (signal SIGKILL); starting it again in 1 s" in said[0]


def test_a_child_that_keeps_dying_is_started_less_and_less_often(runner, said):
    runner.start(python("import time; print('up', flush=True); time.sleep(0.4)", says_when_ready="up"))
    entry = runner.running["child"]
    for _death in range(8):
        entry.process.wait(10)
        runner._look_after(entry)
        entry.again_at = 1  # its pause is over
        runner._look_after(entry)
    assert [line.split(" in ")[1].split(" s.")[0] for line in said] == ["1", "2", "4", "8", "16", "30", "30", "30"]


def test_a_child_that_does_not_start_shows_the_end_of_its_log(runner):
    with pytest.raises(ChildProblem) as problem:
        runner.start(python("import sys; sys.exit('the reason it gives')", says_when_ready="at work"))
    assert "exit 1" in str(problem.value)
    assert "the reason it gives" in str(problem.value)
    assert str(runner.log_path("child")) in str(problem.value)


def test_a_child_that_never_works_is_a_problem(runner):
    with pytest.raises(ChildProblem, match="does not answer after"):
        runner.start(python(FAMILY, is_ready=lambda: False, ready_within=0.5))


def test_words_in_an_older_log_do_not_count_as_ready(runner):
    runner.log_path("child").parent.mkdir(parents=True)
    runner.log_path("child").write_text("at work\n")
    with pytest.raises(ChildProblem):
        runner.start(python("import time; time.sleep(600)", says_when_ready="at work", ready_within=0.5))


def test_a_child_that_ignores_the_signal_is_ended_anyway(runner, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "ENDS_WITHIN", 0.5)
    runner.start(python(DEAF, says_when_ready="at work"))
    runner.end()
    assert started_for(tmp_path) == []


def test_a_command_shows_its_progress_and_keeps_the_rest_in_the_log(runner, said):
    status = runner.run(
        "prepare", [sys.executable, "-c", "import os; print('@ step'); print(os.environ['GIVEN']); exit(3)"]
    )
    assert status == 3
    assert said == ["step"]
    assert runner.log_path("prepare").read_text() == "yes\n"


def test_a_signal_ends_the_command_that_is_under_way(tmp_path):
    code = RUN.format(root=str(ROOT), folder=str(tmp_path), family=FAMILY)
    slow = "import time; print('@ under way', flush=True); time.sleep(600)"
    code = code.replace("    runner.watch()\n", f"    runner.run('slow', [sys.executable, '-c', {slow!r}])\n")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert [process.stdout.readline(), process.stdout.readline()] == ["Ready\n", "under way\n"]
        process.terminate()
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
            left = started_for(tmp_path)
            for one in left:
                one.kill()
    assert left == []


def test_only_one_supervisor_for_a_folder(tmp_path):
    with supervisor.only_one(tmp_path) as first, supervisor.only_one(tmp_path) as second:
        assert (first, second) == (True, False)
    with supervisor.only_one(tmp_path) as later:
        assert later
