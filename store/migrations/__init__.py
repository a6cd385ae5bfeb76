"""Database migrations: Alembic revisions whose body is raw SQL."""
