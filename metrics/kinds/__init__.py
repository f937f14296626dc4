"""The kinds of evidence: what an indicator's rows carry, how they are gathered, and how the sums are read."""

from metrics.kinds import mean, scale, share, ties, waiting
from metrics.kinds.kind import Kind as Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (share.KIND, mean.KIND, waiting.KIND, ties.KIND, scale.KIND)}
