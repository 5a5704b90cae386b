"""Do SQLAlchemy models, migrations and PostgreSQL databases still agree?

The work is done by the command of the same wheel; nothing here imports SQLAlchemy or the application.
"""

from driftglass._check import Failed, assert_in_sync, compare

__all__ = ["Failed", "assert_in_sync", "compare"]
