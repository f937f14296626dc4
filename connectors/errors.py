"""What can go wrong on the way in, named by what to do about it."""


class SourceError(Exception):
    """A read that did not finish; the last good data and the bookmark stay as they were."""


class Refused(SourceError):
    """A person must act: renew a token, grant a right, correct a setting."""


class Busy(SourceError):
    """Nothing to do: the next run will try again."""


class Changed(SourceError):
    """The shape is new: look at the vendor or the file; the last good data is kept."""
