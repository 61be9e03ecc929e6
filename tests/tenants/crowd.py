"""Many threads doing the same at once."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def crowd(work, *, threads: int = 8) -> list:
    """The answers of `work(number)` in as many threads, started together and switched as often as possible."""
    gate = threading.Barrier(threads)

    def one(number):
        gate.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(threads)))
    finally:
        sys.setswitchinterval(usual)
