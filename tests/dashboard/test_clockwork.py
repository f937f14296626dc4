"""The clock that runs: kept over restarts, late rather than lost, twice at once no more than once."""

import threading
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.schedulers.background import BackgroundScheduler
from test_outbox import judged, publish

from connectors.store.memory import Memory
from dashboard import clockwork
from dashboard.clockwork import KEPT, Due
from dashboard.settings import load_settings

SECTIONS = """
[store]
memory = '{url}'
[exports.folder]
kind = 'files'
folder = '{folder}'
formats = ['md']
[reports.weekly]
when = '{when}'
time_zone = 'Europe/Berlin'
to = ['folder']
content = ['alerts']
"""


@pytest.fixture
def settings(tmp_path, memory_url):
    def write(when="Mondays 07:00"):
        path = tmp_path / "settings.toml"
        path.write_text(SECTIONS.format(url=memory_url, folder=tmp_path / "out", when=when))
        return load_settings(path)

    publish(Memory.open(memory_url), judged("sales"))
    return write


@pytest.fixture
def clocks():
    """Clocks that are stopped in the end."""
    made = []

    def clock(settings):
        one = BackgroundScheduler(**clockwork.made(settings))
        made.append(one)
        one.start(paused=True)
        clockwork.arrange(one, settings)
        return one

    yield clock
    for one in made:
        one.shutdown(wait=True)


def test_it_asks_the_timetable_for_the_next_time():
    due = Due("Mondays 07:00", "Europe/Berlin")
    monday = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert due.get_next_fire_time(None, monday - timedelta(hours=1)) == monday
    assert due.get_next_fire_time(monday, monday + timedelta(days=1)) == monday + timedelta(days=7)


def test_a_report_has_one_job_and_a_changed_time_changes_it(settings, clocks):
    clock = clocks(settings())
    assert [(job.id, str(job.trigger)) for job in clock.get_jobs(KEPT)] == [("weekly", "Mondays 07:00 (Europe/Berlin)")]
    clockwork.arrange(clock, settings("daily 06:00"))
    assert [str(job.trigger) for job in clock.get_jobs(KEPT)] == ["daily 06:00 (Europe/Berlin)"]


def test_a_report_planned_on_the_screen_is_taken_up_and_one_removed_is_let_go(settings, clocks):
    made = settings()
    clock, memory = clocks(made), Memory.open(made.store.memory)
    plan = {"title": "Care", "when": "weekdays 06:30", "to": ["folder"], "content": ["alerts"]}
    memory.plan_report("care", plan, "Mara", datetime.now(UTC))
    clockwork.arrange(clock, made)
    assert {job.id for job in clock.get_jobs(KEPT)} == {"weekly", "care"}
    memory.drop_plan("care")
    clockwork.arrange(clock, made)
    assert {job.id for job in clock.get_jobs(KEPT)} == {"weekly"}


def missed(clock, back):
    """As if the clock had been down when the report was due."""
    clock.get_job("weekly", KEPT).modify(next_run_time=datetime.now(UTC) - back)


def ran(clock, go):
    """Let the clock run until the report has."""
    done = threading.Event()
    clock.add_listener(lambda event: done.set() if event.job_id == "weekly" else None, EVENT_JOB_EXECUTED)
    go()
    assert done.wait(120)


def test_what_was_due_while_it_was_down_is_sent_when_it_is_back_once(settings, clocks, tmp_path):
    made = settings()
    missed(clocks(made), timedelta(days=24))
    second = clocks(made)
    kept = second.get_job("weekly", KEPT).next_run_time
    assert kept < datetime.now(UTC) - timedelta(days=23), "a restart does not forget what was missed"
    ran(second, second.resume)
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert second.get_job("weekly", KEPT).next_run_time > datetime.now(UTC)


def ended(made):
    """The deliveries, once none is on its way: the second clock may be the one that sends."""
    for _ in range(240):
        rows = Memory.open(made.store.memory).deliveries("weekly")
        if not set(rows["state"]) & {"sending", "handing"}:
            break
        sleep(0.25)
    return rows


def test_two_clocks_at_once_send_once(settings, clocks, tmp_path):
    made = settings()
    one, two = clocks(made), clocks(made)
    missed(one, timedelta(hours=1))
    threads = [threading.Thread(target=ran, args=(one, one.resume)), threading.Thread(target=two.resume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clockwork.due(str(made.file), "weekly")
    rows = ended(made)
    assert rows["state"].to_list() == ["sent"]
    assert rows["tries"].to_list() == [1]
    assert len(list((tmp_path / "out").iterdir())) == 1
