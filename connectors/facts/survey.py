"""What people answered to a survey, and who was invited."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from connectors.columns import RESPONDENT, key
from connectors.facts.fact import Fact


class Answers(Fact):
    """One answer to one item of a survey wave; the respondent's token is joinable to nothing else."""

    survey = key()
    wave = dy.Date(primary_key=True)
    respondent = dy.String(primary_key=True, metadata=RESPONDENT)
    item = key()
    unit = dy.String(min_length=1, max_length=200)
    construct = dy.String(min_length=1, max_length=200)
    score = dy.Float64(nullable=True)
    low = dy.Float64()
    high = dy.Float64()
    reversed = dy.Bool()

    @dy.rule()
    def score_on_its_scale(cls) -> pl.Expr:
        return pl.col("score").is_null() | pl.col("score").is_between("low", "high")


class Invitations(Fact):
    """Who was invited to a survey wave."""

    survey = key()
    wave = dy.Date(primary_key=True)
    respondent = dy.String(primary_key=True, metadata=RESPONDENT)
    unit = dy.String(min_length=1, max_length=200)
