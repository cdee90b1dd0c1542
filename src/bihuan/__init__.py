"""Bihuan: work that crosses departments, carried until the loop is closed."""

__version__ = "0.1.0"
