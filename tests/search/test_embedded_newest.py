"""A reader that stays open sees every commit, also two of the same moment."""

import os

from tests.search.index_samples import page


def clock_stands(root, seen):
    """As a file system with a coarse clock does: the newest commit bears the time of the one before."""
    for meta in root.rglob("meta.json"):
        if meta in seen:
            os.utime(meta, ns=(seen[meta], seen[meta]))
        seen[meta] = meta.stat().st_mtime_ns


def test_commits_of_one_tick_are_all_seen(embedded):
    writer, reader = embedded.open(write=True), embedded.open()
    root, seen = embedded.settings.archive / "index", {}
    for count in range(1, 5):
        writer.replace_unit(f"ua-unit000{count}", [page(f"ua-unit000{count}", 1, "cerere")])
        writer.commit()
        clock_stands(root, seen)
        assert reader.count() == count
        assert writer.count() == count


def test_what_is_taken_back_within_one_tick_is_gone(embedded):
    writer, reader = embedded.open(write=True), embedded.open()
    root, seen = embedded.settings.archive / "index", {}
    writer.replace_unit("ua-unit0001", [page("ua-unit0001", 1, "cerere")], role="public")
    writer.commit()
    clock_stands(root, seen)
    assert reader.count("public") == 1
    writer.remove_unit("ua-unit0001", role="public")
    writer.commit()
    clock_stands(root, seen)
    assert reader.count("public") == 0
