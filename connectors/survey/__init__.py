"""Survey exports and replies: which answers are read, on which scale, and nothing that anyone wrote in words."""
