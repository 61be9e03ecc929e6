"""Invented people and the demo's organisations; the same every time."""
