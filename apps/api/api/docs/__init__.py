"""`GET /docs`: the OpenAPI document as a page, with nothing on it that the site's Content-Security-Policy forbids."""
