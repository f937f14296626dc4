"""Which accounts belong to whom: what they say of themselves, how they are matched, what people decided."""
