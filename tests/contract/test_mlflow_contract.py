"""A product with tokens of its own: made, used, told when, revoked, and refused from then on."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from scim_tui.model.errors import NotAllowed
from scim_tui.model.unknown_values import NEVER
from scim_tui.providers.mlflow import MlflowProvider
from tests.contract.mlflow import Running, mlflow_world
from tests.contract.worlds import Peer


async def test_a_token_is_used_and_its_last_use_is_reported(
    mlflow: Running, mlflow_peer: Peer
) -> None:
    async with mlflow_world(mlflow_peer, mlflow) as world:
        provider = world.provider
        new = await provider.create_token()
        assert new.token.last_used_at is NEVER
        assert (await provider.probe_with(new.secret, "5c1e")).ok
        told = {token.id: token for token in await provider.tokens()}[new.token.id]
        assert isinstance(told.last_used_at, datetime)
        assert abs(told.last_used_at - datetime.now(UTC)) < timedelta(minutes=5)
        await provider.delete_token(new.token.id)
        refused = await provider.probe_with(new.secret, "5c1e")
        assert (refused.ok, refused.status) == (False, 401)


async def test_a_wrong_administrator_is_not_allowed(mlflow: Running, mlflow_peer: Peer) -> None:
    async with mlflow_world(mlflow_peer, mlflow) as world:
        other = MlflowProvider(mlflow.endpoint, SecretStr("nobody:nothing"), world.provider)
        with pytest.raises(NotAllowed):
            await other.tokens()
        await other.aclose()
