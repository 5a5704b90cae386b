from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .models import tagging


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    products = relationship("Product", secondary=tagging)
