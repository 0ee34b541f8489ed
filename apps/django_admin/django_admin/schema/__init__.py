"""The schema as a whole: migrating it for a release, and checking that code and tables agree."""
