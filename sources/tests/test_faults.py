"""Workers that are killed. More of them: `python -m sources.tests.faults --help`."""

import pytest

from .faults import try_out


@pytest.mark.unmeasured
def test_a_worker_that_is_killed_leaves_no_capture_open_and_none_twice(tmp_path, migrated_file):
    found = try_out(tmp_path, kills=2, captures=6, migrated=migrated_file)

    after = found["after"]
    assert after["captured"] == after["snapshots"] == 6
    for what in ("failed", "still open", "sources with two", "half-written"):
        assert found["before"][what] == 0, what
    assert after["snapshots without bytes"] == after["bytes without a snapshot"] == 0
