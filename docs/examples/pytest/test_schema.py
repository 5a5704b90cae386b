"""Do the models and the migrations agree?"""

from driftglass import assert_in_sync


def test_migrations_match_models():
    assert_in_sync()
