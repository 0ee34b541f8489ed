"""Grades a page by the published scoring rules of the MDN HTTP Observatory (mdn-http-observatory, algorithm 5).

The real one can't see a site that is not public yet. Left out, since it needs the public web: the list of preloaded
HSTS hosts, which a staging site must not be on. Policies in `<meta>` elements are not read; our pages have none.
"""
