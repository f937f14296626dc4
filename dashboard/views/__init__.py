"""One file per page; a page lays out, it never computes."""
