"""Sessions: families of refresh tokens, the cookies that carry them and the access tokens made from them."""
