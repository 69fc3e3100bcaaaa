import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index.elastic_said import Fullness, nearly_full, refusal

GB = 1024**3
WATERMARK = "cluster.routing.allocation.disk.watermark"
DEFAULTS = {
    "cluster.routing.allocation.disk.threshold_enabled": "true",
    f"{WATERMARK}.low": "85%",
    f"{WATERMARK}.low.max_headroom": "200GB",
    f"{WATERMARK}.flood_stage": "95%",
    f"{WATERMARK}.flood_stage.max_headroom": "100GB",
}


def settings(**persistent):
    changed = {f"{WATERMARK}.{key}": value for key, value in persistent.items()}
    return {"defaults": DEFAULTS, "persistent": changed, "transient": {}}


def nodes(*disks):
    told = ({"total_in_bytes": t, "available_in_bytes": f} for t, f in disks)
    return {"nodes": {str(n): {"fs": {"total": total}} for n, total in enumerate(told)}}


@pytest.mark.parametrize(
    ("persistent", "total", "free", "expected"),
    [
        ({}, 100 * GB, 16 * GB, None),
        ({}, 100 * GB, 14 * GB, Fullness(86, 95)),
        ({}, 100 * GB, 2 * GB, Fullness(98, 95)),
        ({}, 4000 * GB, 300 * GB, None),  # 92 %, and more free than the most that is asked for
        ({}, 4000 * GB, 190 * GB, Fullness(95, 98)),
        ({"low": "0.85"}, 100 * GB, 14 * GB, Fullness(86, 95)),
        ({"low": "20gb", "flood_stage": "5gb"}, 100 * GB, 21 * GB, None),
        ({"low": "20gb", "flood_stage": "5gb"}, 100 * GB, 19 * GB, Fullness(81, 95)),
        ({"low.max_headroom": "-1"}, 4000 * GB, 300 * GB, Fullness(92, 98)),
    ],
)
def test_a_disk_is_nearly_full_past_its_low_watermark(persistent, total, free, expected):
    assert nearly_full(settings(**persistent), nodes((total, free))) == expected


def test_of_several_disks_the_fullest_is_told():
    told = nodes((100 * GB, 50 * GB), (100 * GB, 6 * GB), (100 * GB, 10 * GB))
    assert nearly_full(settings(), told) == Fullness(94, 95)


def test_a_cluster_told_not_to_look_at_its_disks_is_left_alone():
    off = {**DEFAULTS, "cluster.routing.allocation.disk.threshold_enabled": "false"}
    assert nearly_full({"defaults": off}, nodes((100, 0))) is None


@given(st.text(), st.text(), st.integers(0, 10**15), st.integers(0, 10**15))
def test_whatever_it_says_of_itself_is_borne(low, headroom, total, free):
    told = settings(**{"low": low, "low.max_headroom": headroom, "flood_stage": low})
    found = nearly_full(told, nodes((total, free)))
    assert found is None or isinstance(found.used, int)


def test_a_refusal_names_the_page_and_no_word_of_it():
    told = {"index": {"_id": "ua-1.p0001", "error": {"type": "mapper_error", "reason": "Ion"}}}
    assert refusal(told) == "ua-1.p0001 (mapper_error)"
