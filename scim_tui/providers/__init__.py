"""One port to the products whose provisioning is administered, and an adapter for each."""
