"""A message goes to the queue its task declares, also from a process that never imported a task."""

import subprocess
import sys

CODE = """
import django; django.setup()
from celery import current_app
assert "directory.run" not in current_app.tasks, "a control: nothing has imported the tasks"
from apps.tenants.jobs import route
print(route("directory.run")["queue"], route("nobody.knows")["queue"])
"""


def test_a_web_process_knows_the_queues():
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert found.stdout.split() == ["bulk", "interactive"], found.stderr[-500:]
