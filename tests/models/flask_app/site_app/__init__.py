from flask import Flask
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


def create_app():
    from . import models  # noqa: F401

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://nowhere.invalid/site"
    app.config["SQLALCHEMY_BINDS"] = {"statistics": "postgresql+psycopg2://nowhere.invalid/statistics"}
    db.init_app(app)
    return app
