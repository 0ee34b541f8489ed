"""Writes those pages and pictures of docs/ that are made from the code, and reads all of them for the tests."""
