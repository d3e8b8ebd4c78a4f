"""Settings of the tests: an installation of their own in var/test, fast passwords, no setting from outside."""

import os
from pathlib import Path

for name in [name for name in os.environ if name.startswith("YMACH_") and not name.startswith("YMACH_TEST_")]:
    del os.environ[name]
os.environ["YMACH_SECOND_FACTOR"] = "offered"  # the tests of sign-in demand it
os.environ["YMACH_VAR"] = str(Path(__file__).parents[1] / "var" / "test")

from ymach.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files of the site are looked for when they are asked for; with each client of each test they would all be listed anew.
WHITENOISE_AUTOREFRESH = True
