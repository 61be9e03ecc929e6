"""No test talks to the outside: every provider is the simulator on this machine."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_an_outside_address_is_refused():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside,
        pytest.warns(UserWarning, match="192.0.2.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outside.connect(("192.0.2.1", 443))
