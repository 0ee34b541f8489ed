"""The edge: the only place where routes, headers and limits are written."""
