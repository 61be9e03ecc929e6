from apps.core.ids import new_id


def test_ids_are_version_7_unique_and_sort_by_time():
    ids = [new_id() for _ in range(5000)]
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == len(ids)
    milliseconds = [one.int >> 80 for one in ids]
    assert milliseconds == sorted(milliseconds)
