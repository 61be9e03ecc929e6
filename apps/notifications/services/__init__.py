"""One way to reach a person. Other apps call `send` and nothing else."""

from .sending import send

__all__ = ["send"]
