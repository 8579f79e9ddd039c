"""What a claims tracker is measured against: a naive one, and hand-written queries, on its rows."""
