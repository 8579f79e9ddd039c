"""Commands that measure. They are never tests; see README.md."""
