"""Items: the things that users keep."""
