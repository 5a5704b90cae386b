"""Models that SQLAlchemy accepts and PostgreSQL refuses in part."""
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Note(Base):
    __tablename__ = "note"
    id = sa.Column(sa.Integer, primary_key=True)
    body = sa.Column(sa.Text)
    number = sa.Column(sa.Integer)
    parent = sa.Column(sa.Integer, sa.ForeignKey("note.number", name="note_parent"))
    __table_args__ = (
        sa.Index("ix_note_number", "number"),
        # text has no default operator class for gin
        sa.Index("ix_note_body", "body", postgresql_using="gin"),
        sa.Index("ix_note_body_again", "body", postgresql_using="gin"),
    )
