"""What single vendors need beyond an endpoint: their rows, their threads, their quirks."""
