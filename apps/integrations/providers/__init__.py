"""Providers that call us in protocols of their own: how each proves itself, and what its notices say."""

from collections.abc import Mapping
from typing import Final

from . import bridge, helloasso, stripe
from .protocol import Provider

ALL: Final = (stripe.STRIPE, helloasso.HELLOASSO, bridge.BRIDGE)
PROVIDERS: Final[Mapping[str, Provider]] = {one.name: one for one in ALL}
