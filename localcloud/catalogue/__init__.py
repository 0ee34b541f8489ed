"""What can be ordered: regions, sizes and images."""
