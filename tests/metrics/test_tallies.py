"""Tallies and rates: exact from histograms, with the intervals of the jackknife and of Poisson counts."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.concentration import absence_factor, evenness, gini
from metrics.evidence import added
from metrics.kinds import KINDS

WEEK = date(2026, 9, 7)


def evidence(counts, unit="a"):
    place = {"unit": unit, "week": WEEK, "person": None}
    rows = pl.DataFrame([place | {"bucket": int(count), "holders": 1} for count in counts])
    return KINDS["gini"].gather(rows.lazy()).with_columns(indicator=pl.lit("i")).collect()


def read(kind, counts):
    return KINDS[kind].read(evidence(counts).lazy(), 0).collect().row(0, named=True)


def top(counts):
    return np.sort(counts)[::-1][: int(np.ceil(0.05 * len(counts)))].sum() / np.sum(counts)


def jackknife(statistic, counts):
    left = np.array([statistic(np.delete(counts, at)) for at in range(len(counts))])
    return 1.96 * np.sqrt((len(counts) - 1) / len(counts) * ((left - left.mean()) ** 2).sum())


@pytest.mark.parametrize("at", range(4))
def test_voice_in_four_groups_is_that_of_the_worked_example(worked, at):
    example = worked("gini_voice")
    counts = example["inputs"]["counts"][at]
    assert read("gini", counts)["value"] == pytest.approx(example["expected"]["gini"][at], abs=1e-7)
    assert read("evenness", counts)["value"] == pytest.approx(example["expected"]["evenness"][at], abs=1e-7)


def test_the_absence_factor_is_that_of_the_worked_example(worked):
    example = worked("caf_chaoss")
    assert read("absence", example["inputs"]["contributions"])["value"] == example["expected"]["CAF"]


COUNTS = st.lists(st.integers(0, 30), min_size=4, max_size=60).filter(lambda found: sum(map(bool, found)) > 2)


@given(COUNTS)
def test_what_is_read_from_histograms_is_what_is_worked_out_one_by_one(counts):
    for kind, plain in (("gini", gini), ("evenness", evenness), ("absence", absence_factor), ("top", top)):
        assert read(kind, counts)["value"] == pytest.approx(plain(counts), abs=1e-9), kind
    assert read("breadth", counts)["value"] == pytest.approx(np.mean(np.array(counts) > 0))


@given(COUNTS)
def test_the_interval_is_that_of_leaving_out_one_holder_after_another(counts):
    for kind, plain in (("gini", gini), ("evenness", evenness)):
        found, half = read(kind, counts), jackknife(plain, np.array(counts, float))
        low, high = max(found["value"] - half, 0), min(found["value"] + half, 1)
        assert (found["low"], found["high"]) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(COUNTS, COUNTS)
def test_histograms_of_two_units_add_up_to_that_of_both(one, two):
    both = added(pl.concat([evidence(one), evidence(two, "b").with_columns(unit=pl.lit("a"))]))
    together = evidence([*one, *two]).sort("bucket")
    assert both.select("bucket", "holders").rows() == together.select("bucket", "holders").rows()


def test_one_way_alone_is_nought_and_not_less_than_nought():
    assert str(read("mix", [0, 0, 0])["value"]) == "0.0"


def test_where_nobody_holds_anything_nothing_is_known():
    for kind in ("gini", "evenness", "top", "absence"):
        assert read(kind, [0, 0, 0])["value"] is None
    assert read("breadth", [0, 0, 0])["value"] == 0


def rate(events, exposure):
    row = {"indicator": "i", "unit": "a", "week": WEEK, "events": events, "exposure": exposure}
    return KINDS["rate"].read(pl.DataFrame([row]).lazy(), 0).collect().row(0, named=True)


@pytest.mark.parametrize("events", [0, 1, 12, 250])
def test_rates_have_the_exact_interval_of_a_poisson_count(events):
    found = rate(events, 50.0)
    low = stats.chi2.ppf(0.025, 2 * events) / 2 / 50 if events else 0
    assert found["value"] == events / 50
    assert found["low"] == pytest.approx(low, abs=1e-9)
    assert found["high"] == pytest.approx(stats.chi2.ppf(0.975, 2 * events + 2) / 2 / 50)


def test_without_exposure_a_rate_is_unknown():
    assert rate(3, 0.0)["value"] is None


def median(*steps):
    rows = [{"indicator": "i", "unit": "a", "week": WEEK, "bucket": b, "done": d, "waiting": w} for b, d, w in steps]
    return KINDS["median"].read(pl.DataFrame(rows).lazy(), 60).collect().row(0, named=True)


def test_the_median_wait_is_that_of_the_worked_example(worked):
    example = worked("km_freireich")
    for group in "ab":
        times, ended = example["inputs"][f"time_{group}"], example["inputs"][f"event_{group}"]
        rows = pl.DataFrame({"bucket": times, "done": ended}).group_by("bucket").agg(
            done=pl.col("done").sum(), waiting=pl.len() - pl.col("done").sum()
        )  # fmt: skip
        assert median(*rows.rows())["value"] == example["expected"][f"median_{group}"]


def test_where_fewer_than_half_are_done_the_median_is_unknown():
    assert median((5, 2, 0), (60, 0, 8))["value"] is None
