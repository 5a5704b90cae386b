"""Needs a package that nobody has."""
from sqlalchemy import Column, Integer

import a_package_that_does_not_exist

from ..base import Base


class Optional(Base):
    __tablename__ = "optional"
    id = Column(Integer, primary_key=True)
    extra = Column(a_package_that_does_not_exist.Type)
