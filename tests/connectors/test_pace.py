"""How fast we ask: as slowly as we are told, in this run and the next, and never more than we may."""

import threading
from datetime import timedelta

import httpx2
import pytest
from answering import NOW, answers, api, limited, ok

from connectors.errors import Busy
from connectors.http import Api


def test_it_waits_as_long_as_it_is_asked_to():
    later = (NOW + timedelta(seconds=7)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    slow = [httpx2.Response(429, headers={"Retry-After": "3"}), httpx2.Response(503, headers={"Retry-After": later})]
    patient = api(answers(*slow, httpx2.Response(403, headers={"Retry-After": "1"}), ok([])))
    assert (patient.get("x").body, patient.slept) == ([], [3.0, 7.0, 1.0])


def test_a_wait_too_long_for_one_run_says_when_to_come_back():
    with pytest.raises(Busy, match="come back at 2026-11-22 13:00:00 UTC"):
        api(answers(httpx2.Response(429, headers={"Retry-After": "3600"}))).get("x")


def test_all_waits_of_a_run_together_have_a_limit():
    slow = [httpx2.Response(429, headers={"Retry-After": "40"})] * 2
    with pytest.raises(Busy, match="come back"):
        api(answers(*slow), patience=timedelta(seconds=60)).get("x")


def test_failures_that_pass_are_tried_again_ever_later():
    def answer(request):
        if len(slept := patient.slept) == 0:
            raise httpx2.ReadTimeout("slow")
        return httpx2.Response(502) if len(slept) < 3 else ok([])

    patient = api(answer)
    assert patient.get("x").body == []
    assert len(patient.slept) == 3 and all(s <= 2**i for i, s in enumerate(patient.slept))


def test_failures_that_do_not_pass_end_as_busy_and_so_does_the_budget():
    with pytest.raises(Busy, match=r"did not answer, tries: 6 \(500\)"):
        api(lambda request: httpx2.Response(500)).get("x")
    with pytest.raises(Busy, match="used up"):
        api(lambda request: httpx2.Response(500), budget=3).get("x")


def test_who_waits_to_know_is_told_after_one_try():
    impatient = api(lambda request: httpx2.Response(500))
    with pytest.raises(Busy, match="tries: 1"):
        impatient.once().get("x")
    assert impatient.slept == []


@pytest.mark.parametrize(
    ("said", "slept"),
    [
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW.timestamp()) + 9)}, 9),
        ({"RateLimit_Remaining": "0", "RateLimit_Reset": "8"}, 8),
        ({"X_RateLimit_Reset": "2026-11-22T12:00:07Z"}, 7),
        ({"Retry_After": "6", "X_RateLimit_Reset": "50"}, 6),
        ({"Date": "Sun, 22 Nov 2026 11:00:00 GMT", "Retry_After": "Sun, 22 Nov 2026 11:00:05 GMT"}, 5),
        ({"Date": "Sun, 22 Nov 2026 11:00:00 GMT", "X_RateLimit_Reset": "1795345204"}, 4),
        ({"Retry_After": "Sun, 22 Nov 2026 12:00:03"}, 3),
    ],
)
def test_each_way_of_saying_how_long_is_understood(said, slept):
    patient = api(answers(limited(**said), ok([])))
    assert (patient.get("x").body, patient.slept) == ([], [slept])


@pytest.mark.parametrize("said", ["soon", "-5", "²", "1e9", "0", "nan", "", "Mon, 99 Foo"])
def test_who_says_how_long_in_no_way_we_know_is_asked_again_a_little_later(said):
    patient = api(answers(limited(Retry_After=said.encode()), ok([])))
    assert patient.get("x").body == []
    assert 0.5 <= patient.slept[0] <= 1


def test_when_a_limit_is_counted_anew_matters_only_to_who_has_used_it_up():
    reset = str(int(NOW.timestamp()) + 3000)
    patient = api(answers(limited(X_RateLimit_Remaining="4000", X_RateLimit_Reset=reset), ok([])))
    patient.get("x")
    assert patient.slept[0] <= 1


def test_waits_that_were_asked_for_are_not_failures_and_end_with_our_patience():
    patient = api(lambda request: limited(Retry_After="50"))
    with pytest.raises(Busy, match="come back at 2026-11-22 12:00:50 UTC"):
        patient.get("x")
    assert patient.slept == [50.0] * 12


class Kept:
    """Waits that outlive a run."""

    def __init__(self):
        self.moments = {}

    def until(self, host):
        return self.moments.get(host)

    def wait(self, host, until):
        self.moments[host] = until


def test_a_long_wait_is_kept_and_the_next_run_does_not_even_ask():
    kept, hour = Kept(), timedelta(hours=1)
    with pytest.raises(Busy):
        api(answers(limited(Retry_After="3600")), resume=kept).get("x")
    assert kept.moments == {"example.org": NOW + hour}
    with pytest.raises(Busy, match="asked us to stay away; come back at 2026-11-22 13:00:00 UTC"):
        api(answers(), resume=kept).get("x")
    later = Api("https://example.org", transport=httpx2.MockTransport(answers(ok([]))), clock=lambda: NOW + hour)
    later.resume = kept
    assert later.get("x").body == []


def test_a_run_that_is_killed_while_it_waits_does_not_ask_before_in_the_next():
    kept = Kept()

    def killed(seconds):
        raise KeyboardInterrupt

    dying = api(answers(limited(Retry_After="30")), resume=kept)
    dying.pace.sleep = killed
    with pytest.raises(KeyboardInterrupt):
        dying.get("x")
    assert kept.moments == {"example.org": NOW + timedelta(seconds=30)}
    restarted = api(answers(ok([]), ok([])), resume=kept)
    assert (restarted.get("x").body, restarted.get("x").body, restarted.slept) == ([], [], [30.0])
    with pytest.raises(Busy, match="come back at 2026-11-22 12:00:30 UTC"):
        api(answers(), resume=kept).once().get("x")


def test_who_waits_to_know_is_told_at_once_and_the_wait_is_kept():
    kept = Kept()
    hurried = api(answers(limited(Retry_After="3")), resume=kept)
    with pytest.raises(Busy, match="come back at 2026-11-22 12:00:03 UTC"):
        hurried.once().get("x")
    assert (hurried.slept, kept.moments) == ([], {"example.org": NOW + timedelta(seconds=3)})


def test_when_one_thread_is_told_to_wait_the_others_wait_too():
    asked, sleeping, woken = [], threading.Semaphore(0), threading.Event()

    def answer(request):
        asked.append(request.url.path)
        return ok([]) if woken.is_set() else limited(Retry_After="30")

    def sleep(seconds):
        sleeping.release()
        woken.wait(5)

    shared = Api("https://example.org", transport=httpx2.MockTransport(answer), sleep=sleep, clock=lambda: NOW)
    threads = [threading.Thread(target=shared.get, args=(path,)) for path in ("slow", "quick")]
    for thread in threads:
        thread.start()
        assert sleeping.acquire(timeout=5)
    assert asked == ["/slow"]
    woken.set()
    [thread.join(5) for thread in threads]
    assert sorted(asked) == ["/quick", "/slow", "/slow"]
    assert shared.pace.patience == timedelta(minutes=9, seconds=30)


def test_threads_share_one_budget():
    shared = api(lambda request: ok([]), budget=100)
    ended = []

    def read():
        try:
            while True:
                shared.get("x")
                ended.append("read")
        except Busy:
            ended.append("busy")

    threads = [threading.Thread(target=read) for _ in range(8)]
    [one.start() for one in threads], [one.join() for one in threads]
    assert (ended.count("read"), ended.count("busy")) == (100, 8)


def test_how_far_a_clock_is_ahead_is_known_after_an_answer():
    asking = api(answers(ok([], Date="Sun, 22 Nov 2026 12:05:00 GMT")))
    assert asking.skew is None
    asking.once().get("x")
    assert asking.skew == timedelta(minutes=5)
