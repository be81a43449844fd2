"""Runs inside the environment of mlflow-oidc-auth: an administrator, and a password for them."""

import json
import sys
from datetime import UTC, datetime, timedelta

from mlflow_oidc_auth.config import config
from mlflow_oidc_auth.store import store

ADMIN = sys.argv[1]
store.init_db(config.OIDC_USERS_DB_URI)
store.create_user(ADMIN, "Admin", is_admin=True)
until = datetime.now(UTC) + timedelta(days=1)
password = store.create_user_token(ADMIN, "contract", until, ADMIN)[1]
sys.stdout.write(json.dumps({"key": f"{ADMIN}:{password}"}) + "\n")
