"""The kinds of evidence: what an indicator's rows carry, how they are gathered, and how the sums are read."""

from metrics.kinds import blocks, competing, forecast, mean, rate, ratio, scale, share, standing, ties, uplift, waiting
from metrics.kinds.kind import Kind as Kind
from metrics.kinds.tally import TALLIES

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        share.KIND,
        share.COVERED,
        mean.KIND,
        waiting.KIND,
        waiting.MEDIAN,
        waiting.P85,
        ties.KIND,
        scale.KIND,
        rate.KIND,
        ratio.KIND,
        competing.KIND,
        uplift.KIND,
        forecast.KIND,
        standing.STANDING,
        standing.LEVEL,
        standing.COVER,
        standing.GAIN,
        *blocks.BLOCKS,
        *TALLIES,
    )
}
