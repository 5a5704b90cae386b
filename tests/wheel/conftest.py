"""The wheel in an environment of its own, and projects to try it on.

    DRIFTGLASS_WHEEL        the wheel
    DRIFTGLASS_TEST_URL     a server on which databases may be created
    DRIFTGLASS_TEST_PG_BIN  the folder of psql
"""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ["alembic==1.20.1", "psycopg[binary]==3.3.9", "pytest==9.2.0", "SQLAlchemy==2.0.58"]
TOOLS = Path(sys.executable).parent


def clean(**more: str) -> dict[str, str]:
    """This machine's environment, without what the tests and a pipeline around them have set."""
    ours = ("DRIFTGLASS", "GITHUB", "GITLAB", "CI_", "PYTHON", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    for name in ("CI", "DATABASE_URL", "VIRTUAL_ENV", "CLICOLOR_FORCE"):
        kept.pop(name, None)
    return {**kept, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", **more}


def quick(**more: str) -> dict[str, str]:
    """The same, with the test's own server for the shadow database: where it is not that which is tried."""
    return clean(DRIFTGLASS_SHADOW=os.environ["DRIFTGLASS_TEST_URL"], **more)


def run(*words: object, status: int = 0, **options) -> subprocess.CompletedProcess:
    """Runs a command to its end, which has to have this status."""
    options.setdefault("env", clean())
    ran = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    assert ran.returncode == status, f"{words} ended with {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran


@pytest.fixture(scope="session")
def wheel() -> Path:
    return Path(os.environ["DRIFTGLASS_WHEEL"]).resolve()


@pytest.fixture(scope="session")
def bin(wheel, tmp_path_factory) -> Path:
    """The programs of an environment in which the wheel is installed as a user would, beside a project's requirements."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", folder)
    run(TOOLS / "uv", "pip", "install", "--python", folder / "bin/python", *PROJECT)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    return folder / "bin"


@pytest.fixture
def project(tmp_path) -> Path:
    """Models that have a column more than the migrations build."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "tests/causes/project", folder)
    (folder / "driftglass.toml").write_text('models = "models"\n')
    return folder


@pytest.fixture
def agreeing(project) -> Path:
    """The same project, once the migration has been written."""
    last = "migrations/versions/d4b1_nicknames.py"
    (project / last).write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'd4b1'\ndown_revision = 'c3d9'\n\n\n"
        "def upgrade():\n    op.add_column('customers', sa.Column('nickname', sa.Text))\n"
    )
    return project


@pytest.fixture
def database():
    """The URL of an empty database."""
    url = os.environ["DRIFTGLASS_TEST_URL"]
    name = f"wheel_{uuid.uuid4().hex}"
    psql = [Path(os.environ["DRIFTGLASS_TEST_PG_BIN"]) / "psql", "-X", "-q", "-d", url, "-c"]
    run(*psql, f"CREATE DATABASE {name}")
    yield url.replace("/postgres?", f"/{name}?", 1)
    run(*psql, f"DROP DATABASE {name} WITH (FORCE)")
