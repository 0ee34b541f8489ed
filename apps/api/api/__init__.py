"""Slipway's API: FastAPI on raw asyncpg. It knows nothing of Django but the tables that Django migrated."""
