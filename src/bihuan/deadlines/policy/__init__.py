"""What a deadline is, on plain values: the table of rules, how an instant is counted, and the ladder up to it."""
