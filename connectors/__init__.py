"""The way in: talks to the outside, keeps what it hears."""
