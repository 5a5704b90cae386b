import sqlalchemy  # noqa: F401
from helpers import make

make()
