"""What the forms of a collaboration must hold: plain functions on plain values."""
