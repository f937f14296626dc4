"""How the memories' tables came to be, step by step."""
