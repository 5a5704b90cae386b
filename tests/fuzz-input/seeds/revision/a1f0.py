"""Of

Revision ID: a1f0
"""
from alembic import op

revision: str = "a1f0"
down_revision: Union[str, None] = (
    'x',  # one
    "y",
)
