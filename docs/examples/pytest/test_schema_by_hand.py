"""The same where there is no driftglass.toml, and of a database that stands."""

import os

import pytest
from driftglass import assert_in_sync, compare

from models import metadata


def test_migrations_match_models():
    assert_in_sync(models=metadata, migrations="alembic.ini", ignore=["table:public.spatial_ref_sys"])


@pytest.mark.skipif("STAGING_URL" not in os.environ, reason="there is no staging database")
def test_staging_matches_models():
    assert_in_sync(models=metadata, db=os.environ["STAGING_URL"], fail_on=["data-loss", "outage"])


def test_migrations_build_no_wide_text():
    report = compare("empty:", "migrations:")
    assert [entry["id"] for entry in report["entries"] if entry["new"] == "json"] == []
