"""The interface to the products whose provisioning is administered, and an adapter for each."""
