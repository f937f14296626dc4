"""How one part of the made-up company adds rows and columns to what the others made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

if TYPE_CHECKING:
    from connectors.company.company import Company

Add: TypeAlias = "Callable[[Company, pl.DataFrame], pl.DataFrame]"
"""From the company and a table as it is so far to the table with what is added."""
Adds: TypeAlias = Mapping[str, Add]
"""What a part adds, by table. It asks other tables for what they are without it: `company.made(name)`."""
