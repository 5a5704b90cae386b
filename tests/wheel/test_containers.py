"""Models that only a container can import; and the files of images, as far as no engine is needed."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, TOOLS, clean, quick, run

COMPOSE = ROOT / "docs/examples/compose"


@pytest.fixture
def container(bin, tmp_path):
    """The example, on the host without its application, and what makes `docker` lead into the container."""
    inside, host, programs = tmp_path / "srv/app", tmp_path / "host", tmp_path / "programs"
    shutil.copytree(COMPOSE, inside)
    host.mkdir()
    for name in ("compose.yaml", "driftglass.toml"):
        shutil.copy(COMPOSE / name, host)
    programs.mkdir()
    shutil.copy(Path(__file__).with_name("docker.py"), programs / "docker")
    (programs / "docker").chmod(0o755)
    more = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "STANDIN_BIN": str(bin), "STANDIN_APP": str(inside)}
    return host, more


def test_models_are_imported_in_the_container(bin, container, database):
    host, more = container
    run(bin / "python", "-c", "import app.models", cwd=host, status=1)
    ran = run(bin / "driftglass", "check", "--db", database, "--format", "json", cwd=host, env=quick(**more), status=1)
    assert "public.orders" in ran.stdout and '"file": "app/models.py"' in ran.stdout


def test_migrations_are_run_there_as_well(bin, container):
    """The container cannot reach the host's throwaway server: Alembic writes SQL."""
    host, more = container
    ran = run(bin / "driftglass", "check", "--db", "migrations:", cwd=host, env=clean(**more), status=1)
    assert "public.orders.note" in ran.stdout and "1 difference" in ran.stdout, ran.stdout


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ("docker compose exec app python", "the input device is not a TTY"),
        ("docker compose exec -T web python", 'service "web" is not running'),
        ("docker compose exec -T app nothing", "No such file"),
    ],
)
def test_what_docker_says_is_passed_on(bin, container, python, expected):
    host, more = container
    ran = run(bin / "driftglass", "snapshot", "models:app.models", "--python", python, cwd=host, env=quick(**more), status=2)
    assert expected in ran.stderr


@pytest.mark.parametrize("file", ["Dockerfile", "docs/examples/compose/Dockerfile"])
def test_images_are_built_as_they_should_be(file):
    run(TOOLS / "hadolint", ROOT / file)


def test_the_example_is_a_compose_file():
    run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE / "compose.yaml")
