"""The numbers that the made-up company is drawn from, as its indicators would say them but for chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log
from statistics import NormalDist

from connectors.company import growth, knowledge, reflection, shifting, skilling, talk, wiki, work
from connectors.company.planted import PLAYBOOKS, REUSE_FALLS, ROOT, SAFETY_FALLS

NORMAL = NormalDist()
SUPPORTED, NOT_SUPPORTED, _ = work.TRIED
MOSTLY = 15.5  # minutes are whole


@dataclass(frozen=True)
class Truth:
    """What an indicator of a unit says in the long run, in the unit of the screen; of planted changes, at last."""

    indicator: str
    unit: str
    value: float
    words: str

    @property
    def steady(self) -> bool:
        return self.unit == ROOT


def short(minutes: float) -> float:
    """Share of the courses of so long a median that take 15 minutes or less."""
    return NORMAL.cdf(log(MOSTLY / minutes) / growth.MINUTES_SPREAD)


def waited() -> float:
    """Working hours until half of all questions are answered, some of which never are; told in whole hours."""
    half = NORMAL.inv_cdf(0.5 / talk.EVER_ANSWERED)
    return ceil(talk.MEDIAN_HOURS * exp(talk.SPREAD_HOURS * half))


def learned() -> float:
    """Days until half of what is newly needed was learned by five people, some of it never; told in whole days."""
    half = NORMAL.inv_cdf(0.5 / shifting.EVER)
    return ceil(shifting.MEDIAN_DAYS * exp(shifting.SPREAD_DAYS * half))


TRUTHS = (
    Truth("link_rate", ROOT, 100 * wiki.LINKED, "three in five closed tickets link an article"),
    Truth("link_accuracy", ROOT, 100 * knowledge.FITS, "of the links looked at, those that are right"),
    Truth("recognised_learning", ROOT, 100 * reflection.LEARNING, "a third of the recognition is for learning"),
    Truth("recognition_across", ROOT, 100 * growth.AFAR, "one in five pieces of feedback goes to another team"),
    Truth("incident_review", ROOT, 100 * reflection.REVIEWED, "severe incidents are reviewed"),
    Truth("learning_gain", ROOT, 100 * skilling.GAINED, "of what was to gain, what a course brings"),
    Truth("micro_modules", ROOT, 100 * ((1 - growth.WITH_PEOPLE) * short(growth.MINUTES)
          + growth.WITH_PEOPLE * short(growth.MINUTES_WITH_PEOPLE)), "courses of 15 minutes or less"),
    Truth("suggestion_uplift", ROOT, 100 * (skilling.TAKEN - skilling.TAKEN_BY_LOT), "suggested, against drawn by lot"),
    Truth("suggestion_applied", ROOT, 100 * (skilling.APPLIED - skilling.APPLIED_BY_LOT), "the same, when it is used"),
    Truth("suggestion_opt_out", ROOT, 100 * skilling.DECLINED, "suggestions turned down"),
    Truth("mentoring_across", ROOT, 100 * skilling.ACROSS, "mentors of another team"),
    Truth("action_sincerity", ROOT, 100 * work.CHECKED, "actions shown to have worked"),
    Truth("experiments_not_supported", ROOT, 100 * NOT_SUPPORTED / (SUPPORTED + NOT_SUPPORTED), "of those decided"),
    Truth("experiment_codification", ROOT, 100 * wiki.CODIFIED, "experiments written up, outside one department"),
    Truth("question_wait_median", ROOT, waited(), "half of the questions are answered by then"),
    Truth("skill_response", ROOT, learned(), "half of the newly needed skills are learned by five people by then"),
    Truth("knowledge_reuse", REUSE_FALLS, 100 * wiki.LINKED * wiki.REUSED_AFTER_PLANTED, "since the re-organisation"),
    Truth("experiment_codification", PLAYBOOKS, 100 * wiki.CODIFIED_AT_LAST, "at the end of the playbook programme"),
    *(Truth("reopened_work", unit, 100 * work.REOPENED_AFTER_PLANTED, "since safety fell") for unit in SAFETY_FALLS),
)  # fmt: skip
