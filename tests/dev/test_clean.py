"""`make clean`: what ran is ended, what it wrote is gone, what belongs to the clone stays."""

import psutil
import pytest

from config.dev import __main__ as commands
from config.dev import servers
from tests.dev.test_servers import _no_real_servers, folder, processes, works  # noqa: F401


@pytest.fixture
def clone(folder, monkeypatch):  # noqa: F811
    """A folder as a clone has it, with all that the commands write into it."""
    run = folder / ".run"
    monkeypatch.setattr(commands, "ROOT", folder)
    monkeypatch.setattr(commands, "RUN", run)
    monkeypatch.setattr(commands, "FOLDERS", {name: run / name for name in ("demo", "test", "bench")})
    (folder / "build").mkdir(parents=True)
    (folder / "README.md").write_text("stays")
    yield folder
    for name in ("demo", "test", "bench"):
        servers.remove(run / name)


def test_it_ends_the_servers_and_takes_the_data_away(clone, capsys):
    demo = clone / ".run" / "demo"
    assert works(servers.ensure(demo, durable=True))
    (demo / "media" / "s_lumiere").mkdir(parents=True)
    running = processes(demo)
    assert commands.main(["clean"]) == 0
    assert "Stopped." in capsys.readouterr().out
    psutil.wait_procs(running, timeout=10)
    assert not any(process.is_running() for process in running)
    assert [path.name for path in clone.iterdir()] == ["README.md"]


def test_twice_or_on_a_fresh_clone_it_does_nothing(clone, capsys):
    assert commands.main(["clean"]) == 0
    assert commands.main(["clean"]) == 0
    assert "Nothing was running." in capsys.readouterr().out
    assert (clone / "README.md").exists()
