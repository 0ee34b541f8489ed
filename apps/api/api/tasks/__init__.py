"""Background tasks, as far as the API starts them or tells of them."""
