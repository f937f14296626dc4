"""The rows of the canonical tables, by what they tell of."""
