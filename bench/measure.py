"""The clock of the benchmarks, and the lines that they print.

    times = interleaved({"stock": stock, "ours": ours, "psql": psql}, rounds=5)
    report(times)
    ratio("provisioning.stock_to_ours", times["stock"], times["ours"])

Ways are measured in turns, so that a slow moment of the machine falls on all of them alike.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class WrongAnswer(Exception):
    """What was measured did not do its work: its time would mean nothing."""


@dataclass(frozen=True)
class Times:
    """Seconds of one way, one for each round."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{_spell(self.median)} [{_spell(min(self.seconds))} - {_spell(max(self.seconds))}]"


def interleaved(
    ways: Mapping[str, Callable[[], object]],
    *,
    rounds: int = 5,
    check: Callable[[str, object], bool] = lambda name, answer: True,
    warm: bool = True,
) -> dict[str, Times]:
    """Measure each way once per round, in turns. `check(name, answer)` must say that the work was done."""
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-1 if warm else 0, rounds):
        for name, way in ways.items():
            gc.collect()
            began = time.perf_counter()
            answer = way()
            seconds = time.perf_counter() - began
            if not check(name, answer):
                raise WrongAnswer(f"{name} answered {answer!r}")
            if number >= 0:  # the round before the first fills caches
                measured[name].append(seconds)
    return {name: Times(name, tuple(seconds)) for name, seconds in measured.items()}


def report(times: Mapping[str, Times]) -> None:
    width = max(map(len, times))
    for name, measured in times.items():
        print(f"  {name.ljust(width)}  {measured}", flush=True)


def ratio(name: str, slower: Times | float, faster: Times | float) -> None:
    """`ratio <name> <value>`: how many times as long the first takes."""
    print(f"ratio {name} {_seconds(slower) / _seconds(faster):.2f}", flush=True)


def figure(name: str, value: float, unit: str) -> None:
    """`figure <name> <value> <unit>`."""
    print(f"figure {name} {value:.4g} {unit}", flush=True)


def _seconds(value: Times | float) -> float:
    return value.median if isinstance(value, Times) else value


def _spell(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
