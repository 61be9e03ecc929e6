"""Benchmarks: `make bench-<name>`. They measure ours, the naive way and the limit in the same run.

Benchmarks are not tests, and no test asserts a time: absolute figures depend on the machine, ratios hold.
A module of this folder has `main(arguments)`; bench/measure.py has the clock and the lines to print.
"""
