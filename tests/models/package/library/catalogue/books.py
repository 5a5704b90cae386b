from sqlalchemy import Column, ForeignKey, Integer, String

from ..base import Base


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("shelf.id"))
    title = Column(String(200), index=True)
