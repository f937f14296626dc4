"""What stands: shares, means and ratios of how things were in the weeks up to each; one week tells of several."""

from __future__ import annotations

from dataclasses import replace

from metrics.kinds import mean, ratio, share

STANDING = replace(share.KIND, name="standing", spans=True)
LEVEL = replace(mean.KIND, name="level", spans=True)
COVER = replace(ratio.KIND, name="cover", spans=True, stated=True)
GAIN = replace(mean.KIND, name="gain", factor=100.0)
