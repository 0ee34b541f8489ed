"""What the API is measured against: the least that can answer, and what is commonly written."""
