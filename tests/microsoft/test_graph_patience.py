"""It waits as long as Microsoft asks, never less, and gives up when that would be too long."""

import pytest

from apps.microsoft.errors import GraphThrottled, GraphUnavailable
from apps.microsoft.patience import Patience
from tests.microsoft.conftest import TENANT
from tests.microsoft.scripted import Reply

ORGANISATION = {"value": [{"id": TENANT, "displayName": "Lumière", "verifiedDomains": []}]}


def script(microsoft, virtual_time, *replies):
    """Give these answers in order, then good ones, and note the virtual moment of each call."""
    waiting = list(replies)
    moments = []

    def answer(call):
        moments.append(virtual_time.now)
        return waiting.pop(0) if waiting else Reply(200, ORGANISATION)

    microsoft.graph = answer
    return moments


def throttled(after=None, status=429):
    return Reply(status, {"error": {}}, headers={} if after is None else {"Retry-After": after})


def test_no_call_arrives_before_retry_after(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, throttled("7"), throttled("20"), throttled("1"))
    graph().organization()
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
    assert gaps == [7, 20, 1]


def test_without_the_header_it_backs_off_further_each_time(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, *[throttled() for _ in range(5)])
    graph().organization()
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
    assert gaps == [1, 2, 4, 8, 16]


def test_the_back_off_is_spread(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, throttled(), throttled())
    graph(chance=lambda: 0.0).organization()
    assert moments[-1] - moments[0] == 0.5 + 1.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("10", 10),
        ("2.5", 2.5),
        ("0", 1),  # says nothing: our own back-off
        ("-5", 1),
        ("soon", 1),
        ("nan", 1),
        ("inf", 1),
        ("", 1),
    ],
)
def test_it_understands_what_the_header_says(header, seconds, graph, microsoft, virtual_time):
    script(microsoft, virtual_time, throttled(header))
    graph().organization()
    assert virtual_time.slept == [seconds]


def test_a_date_is_measured_on_the_sender_s_clock(graph, microsoft, virtual_time):
    dates = {"Retry-After": "Sat, 21 Nov 2026 08:00:30 GMT", "Date": "Sat, 21 Nov 2026 08:00:00 GMT"}
    script(microsoft, virtual_time, Reply(429, {}, headers=dates))
    graph().organization()
    assert virtual_time.slept == [30]


def test_it_gives_up_at_once_when_the_pause_is_too_long(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, throttled("3600"))
    reader = graph(patience=Patience(longest=120))
    with pytest.raises(GraphThrottled) as given_up:
        reader.organization()
    assert given_up.value.after == 3600
    assert virtual_time.slept == []
    assert len(moments) == 1


def test_having_given_up_it_still_asks_nothing_before_the_pause_is_over(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, throttled("3600"))
    reader = graph(patience=Patience(longest=120))
    for _ in range(3):
        with pytest.raises(GraphThrottled):
            reader.organization()
    assert len(moments) == 1
    virtual_time.sleep(3600)
    reader.organization()
    assert moments[1] - moments[0] == 3600


def test_all_waits_together_stay_within_the_budget(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, *[throttled("50") for _ in range(1000)])
    with pytest.raises(GraphThrottled):
        graph(patience=Patience(total=600)).organization()
    assert sum(virtual_time.slept) <= 600
    assert len(moments) == 13


def test_a_503_that_asks_for_time_gets_it_and_a_new_connection(graph, microsoft, virtual_time):
    moments = script(microsoft, virtual_time, throttled("9", status=503))
    reader = graph()
    reader.organization()
    first, second = microsoft.graph_calls
    assert moments[1] - moments[0] == 9
    assert first.connection != second.connection
    assert reader.counts.throttles == 1


def test_a_429_keeps_its_connection(graph, microsoft, virtual_time):
    """The control of the case above: connections are otherwise kept."""
    script(microsoft, virtual_time, throttled("9"))
    graph().organization()
    first, second = microsoft.graph_calls
    assert first.connection == second.connection


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_server_passes_or_is_named(status, graph, microsoft, virtual_time):
    script(microsoft, virtual_time, *[Reply(status, b"") for _ in range(4)])
    reader = graph()
    reader.organization()
    assert reader.counts.retries == 4
    assert virtual_time.slept == [1, 2, 4, 8]
    assert len({call.connection for call in microsoft.graph_calls}) == 5

    microsoft.calls.clear()
    script(microsoft, virtual_time, *[Reply(status, b"") for _ in range(5)])
    with pytest.raises(GraphUnavailable):
        graph().organization()
    assert len(microsoft.graph_calls) == 5


def test_background_reading_says_that_it_can_wait(graph, microsoft, virtual_time):
    script(microsoft, virtual_time)
    graph().organization()
    assert microsoft.graph_calls[0].headers["x-ms-throttle-priority"] == "low"
