from sqlalchemy import Column, Integer

from library.base import Base


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
