"""Where BambooHR has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

import polars as pl

from connectors.fields import Fields, at, day, moment, text
from connectors.shape import Shape
from connectors.web import Endpoint, Rows

FIELDS = (
    *("firstName", "lastName", "displayName", "workEmail", "status", "hireDate", "terminationDate", "lastChanged"),
    *("supervisorEId", "jobTitle", "location", "division", "department"),
)
PLACE: dict[str, Shape] = {"location": str, "division": str, "department": str, "jobTitle": str}
JOB: dict[str, Shape] = {"id": str, "employeeId": str, "date": str, "reportsTo": str, **PLACE}
STATUS: dict[str, Shape] = {"employeeId": str, "date": str, "employmentStatus": str}
UNITS = ("department", "division", "location")
HELD = ("person", "valid_from", "kind", "row")


def employees(unit: str, above: str) -> Endpoint:
    """The report is of everyone, those who left too."""
    here: dict[str, Fields] = {
        "person": "id",
        "unit": text(unit),
        "manager": text("supervisorEId"),
        "role": text("jobTitle"),
        "site": text("location"),
        "joined": day("hireDate"),
        "left": pl.when(at("status") == "Inactive").then(day("terminationDate")),
        "changed": moment("lastChanged"),
        "called": text("displayName"),
        "kind": pl.lit("now"),
        **({"above": text(above)} if above else {}),
    }
    accounts: dict[str, Fields] = {
        "account": "id",
        "person": "id",
        "email": text("workEmail"),
        "name": pl.coalesce(text("displayName"), pl.concat_str(at("firstName"), at("lastName"), separator=" ")),
        "active": at("status") != "Inactive",
        "changed": moment("lastChanged"),
    }
    return Endpoint(
        "employees",
        "reports/custom",
        {"id": str, **dict.fromkeys(FIELDS, str)},
        rows="employees",
        method="POST",
        params={"format": "JSON", "onlyCurrent": "true"},
        json={"title": "Bellwether", "fields": list(FIELDS)},
        scope="the employees' fields named in the documentation",
        gives=(Rows("people", here), Rows("accounts", accounts)),
    )


def jobs(unit: str, above: str) -> Endpoint:
    job: dict[str, Fields] = {
        "person": "employeeId",
        "valid_from": day("date"),
        "unit": text(unit),
        "boss": text("reportsTo"),
        "role": text("jobTitle"),
        "site": text("location"),
        "row": at("id").cast(pl.Int64, strict=False),
        "kind": pl.lit("job"),
        **({"above": text(above)} if above else {}),
    }
    return Endpoint(
        "jobs", "employees/all/tables/jobInfo", JOB, scope="the table Job information", gives=(Rows("people", job),)
    )


def ends() -> Endpoint:
    ended: dict[str, Fields] = {"person": "employeeId", "valid_from": day("date"), "kind": pl.lit("end")}
    return Endpoint(
        "ends",
        "employees/all/tables/employmentStatus",
        STATUS,
        scope="the table Employment status",
        gives=(Rows("people", ended, where=at("employmentStatus") == "Terminated"),),
    )


def memberships(rows: pl.DataFrame) -> pl.DataFrame:
    """Each job until the next one or until its person left; who has no job on record is where they are since hired."""
    rows = rows.with_columns(
        pl.lit(None, pl.String).alias("called") if "called" not in rows.columns else pl.col("called")
    )
    now = rows.filter(kind="now").unique("person", keep="last", maintain_order=True)
    names = now.filter(pl.col("called").is_not_null() & pl.col("called").is_unique()).select(
        boss="called", named="person"
    )
    job = rows.filter(pl.col("kind") == "job", pl.col("valid_from").is_not_null()).sort(*HELD, nulls_last=True)
    job = job.unique(["person", "valid_from"], keep="last", maintain_order=True).join(names, on="boss", how="left")
    none = now.join(job, on="person", how="anti").with_columns(valid_from="joined", named="manager")
    since = pl.concat([job, none], how="diagonal_relaxed").sort("valid_from")
    end = rows.filter(kind="end").select("person", over="valid_from", ended="valid_from").drop_nulls().sort("over")
    since = since.join_asof(
        end, left_on="valid_from", right_on="over", by="person", strategy="forward", check_sortedness=False
    )
    following = pl.col("valid_from").shift(-1).over("person")
    known = now.select("person", "joined", "left", "changed", "manager")
    since = since.drop("joined", "left", "changed", "manager").join(known, on="person", how="left")
    last = pl.col("left").is_null() & following.is_null() & pl.col("ended").is_null()
    return since.select(
        pl.exclude("manager", "named", "boss", "called", "kind", "row", "over", "ended", "valid_to"),
        manager=pl.when(last).then(pl.coalesce("manager", "named")).otherwise("named"),
        valid_to=pl.min_horizontal(following, "ended", pl.when(pl.col("left") > pl.col("valid_from")).then("left")),
    )
