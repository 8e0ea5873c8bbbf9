"""What the errors of issuers mean, and what of them a person reads."""

from __future__ import annotations

import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.sign_in.issuers import ISSUERS, RELEASE_IDS, problem_of, said_by


@pytest.mark.parametrize(
    ("error", "description", "problem"),
    [
        ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked.",
         SignInProblem.REVOKED),
        ("invalid_grant", "Token has been expired or revoked.", SignInProblem.REVOKED),
        ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.",
         SignInProblem.EXPIRED),
        ("invalid_grant", "AADSTS65001: The user or administrator has not consented.",
         SignInProblem.CONSENT_MISSING),
        ("access_denied", "AADSTS90094: The grant requires admin permission.",
         SignInProblem.CONSENT_MISSING),
        ("access_denied", "AADSTS65004: User declined to consent.", SignInProblem.DECLINED),
        ("access_denied", "", SignInProblem.DECLINED),
        ("admin_policy_enforced", "", SignInProblem.CONSENT_MISSING),
        ("invalid_request", "AADSTS50020: User account from another tenant.",
         SignInProblem.WRONG_TENANT),
        ("invalid_request", "AADSTS90002: Tenant 'x' not found.", SignInProblem.WRONG_TENANT),
        ("unauthorized_client", "AADSTS700016: Application with identifier 'x' was not found.",
         SignInProblem.WRONG_TENANT),
        ("invalid_client", "AADSTS7000218: The request body must contain: client_secret.",
         SignInProblem.NO_PUBLIC_CLIENT),
        ("invalid_client", "The OAuth client was not found.", SignInProblem.WRONG_CLIENT),
        ("authorization_declined", "", SignInProblem.DECLINED),
        ("interaction_required", "AADSTS50076: you must use multi-factor authentication",
         SignInProblem.ASKS_AGAIN),
        ("invalid_grant", "AADSTS50079: The user is required to use multi-factor authentication.",
         SignInProblem.ASKS_AGAIN),
        ("interaction_required", "", SignInProblem.ASKS_AGAIN),
        ("invalid_grant", "AADSTS53003: Access has been blocked by Conditional Access policies.",
         SignInProblem.BLOCKED),
        ("invalid_grant", "AADSTS530003: Your device is required to be managed.",
         SignInProblem.BLOCKED),
        ("interaction_required", "AADSTS53000: Device is not compliant.", SignInProblem.BLOCKED),
        ("invalid_grant", "AADSTS50057: The user account is disabled.", SignInProblem.DISABLED),
        ("invalid_grant", "AADSTS50105: The signed in user is not assigned to a role.",
         SignInProblem.NOT_ASSIGNED),
        ("unauthorized_client", "AADSTS7000112: Application is disabled.",
         SignInProblem.NOT_ASSIGNED),
        ("temporarily_unavailable", "", None),
        ("server_error", "", None),
    ],
)  # fmt: skip
def test_an_error_means(error: str, description: str, problem: SignInProblem | None) -> None:
    assert problem_of(error, description) is problem


def test_of_an_error_only_what_a_person_can_use_is_said() -> None:
    told = (
        "AADSTS65001: The user has not consented to use the application with ID 'x'.\r\n"
        "Trace ID: 1f0c-22\r\nCorrelation ID: 8a\r\nTimestamp: 2026-11-30 09:12:00Z"
    )
    said = "AADSTS65001: The user has not consented to use the application with ID 'x'."
    assert said_by("invalid_grant", told) == said
    assert said_by("access_denied", "") == "access_denied"
    assert len(said_by("x", "y" * 5000)) == 300


def test_an_issuer_is_reached_by_tls_alone() -> None:
    for issuer in ISSUERS.values():
        pages = (issuer.authorize, issuer.token, issuer.userinfo, issuer.device, issuer.consent)
        assert all(each.startswith("https://") for each in pages if each)


def test_a_release_without_an_id_has_none() -> None:
    assert set(RELEASE_IDS.values()) == {""}
