from flask import current_app  # noqa: F401  A lazy proxy: looking at it outside of a request raises.

from . import db

membership = db.Table(
    "membership",
    db.Column("user_id", db.ForeignKey("user.id"), primary_key=True),
    db.Column("group_id", db.ForeignKey("user_group.id"), primary_key=True),
)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True, nullable=False)
    groups = db.relationship("UserGroup", secondary=membership)


class UserGroup(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Visit(db.Model):
    """Lives in another database, so it is no part of this one."""

    __bind_key__ = "statistics"
    id = db.Column(db.Integer, primary_key=True)
