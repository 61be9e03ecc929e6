"""Argon2 with the smallest parameters: for tests, where thousands of passwords are made."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FastArgon2Hasher(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
