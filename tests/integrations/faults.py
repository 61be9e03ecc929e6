"""A server on a real socket that does what broken servers do, and counts who connected."""

import socket
import struct
import threading
import time
from collections.abc import Callable

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ngood"


class FaultServer:
    """`behaviour(connection)` is called for each connection, after its request line and headers were read."""

    def __init__(self, behaviour: Callable[[socket.socket], None] | None = None, *, reads: bool = True) -> None:
        self.behaviour = behaviour or answer()
        self.reads = reads
        self.connections = 0
        self.callers: list[tuple[str, int]] = []
        self._ends = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self._ends.is_set():
            try:
                connection, caller = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self.callers.append(caller)
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            received = b""
            while self.reads and b"\r\n\r\n" not in received:
                if not (some := connection.recv(65536)):
                    return
                received += some
            self.behaviour(connection)
        except OSError:
            pass

    def close(self) -> None:
        self._ends.set()
        self._listener.close()
        for connection in self._open:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()


def answer(content: bytes = GOOD) -> Callable[[socket.socket], None]:
    def behaviour(connection: socket.socket) -> None:
        connection.sendall(content)
        connection.close()

    return behaviour


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stall(connection: socket.socket) -> None:
    time.sleep(60)


def drip(content: bytes, *, every: float) -> Callable[[socket.socket], None]:
    """A byte now and then: each reading is quick enough, all of them are not."""

    def behaviour(connection: socket.socket) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(every)
        connection.close()

    return behaviour


def slow(seconds: float) -> Callable[[socket.socket], None]:
    def behaviour(connection: socket.socket) -> None:
        time.sleep(seconds)
        answer()(connection)

    return behaviour


def garbage(connection: socket.socket) -> None:
    connection.sendall(bytes(range(256)) * 16)
    connection.close()


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def cut(connection: socket.socket) -> None:
    answer(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")(connection)


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
