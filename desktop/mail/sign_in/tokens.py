"""The access token of the signed-in account: in memory, renewed before it ends."""

from __future__ import annotations


class AccessTokens:
    """The access tokens of the account that sends; thread-safe."""

    @property
    def account(self) -> str | None:
        """The address of the account, if the provider has told it."""
        raise NotImplementedError

    def may_send_as(self, address: str) -> bool:
        """Tell whether the account may send from an address: its own, or a shared mailbox."""
        raise NotImplementedError

    def token(self) -> str:
        """Return a token that is valid for a request, renewed if it is about to end.

        Raises:
            SignInNeeded: if a person has to sign in, or an administrator has to act.
            Unreached: if it must be renewed and the provider cannot be reached; nothing is lost.
        """
        raise NotImplementedError

    def rejected(self, token: str) -> None:
        """Note that a server answered 401 to a token: the next :meth:`token` renews it, once.

        Raises ``SignInNeeded`` if it was renewed for this reason just now.
        """
        raise NotImplementedError
