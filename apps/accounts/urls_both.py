"""Addresses that a school's host and the platform's have alike: signing in, the second step, proving who one is."""

from django.urls import path

from .views import second_factors, second_step, sign_in, step_up

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/passkey/", second_step.sign_in_passkey, name="passkey_sign_in"),
    path("sign-in/passkey/options/", second_step.sign_in_options, name="passkey_sign_in_options"),
    path("sign-in/second-step/", second_step.step, name="second_step"),
    path("sign-in/second-step/options/", second_step.step_options, name="second_step_options"),
    path("sign-in/second-step/passkey/", second_step.step_passkey, name="second_step_passkey"),
    path("sign-in/second-step/give-up/", second_step.give_up, name="second_step_give_up"),
    path("sign-in/set-up/", second_step.set_up, name="second_factor_set_up"),
    path("sign-in/set-up/options/", second_step.set_up_options, name="second_factor_set_up_options"),
    path("sign-in/set-up/passkey/", second_step.set_up_passkey, name="second_factor_set_up_passkey"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("set-language/", sign_in.language, name="language"),
    path("account/confirm/", step_up.confirm, name="confirm"),
    path("account/confirm/code/", second_factors.confirm_code, name="confirm_code"),
    path("account/confirm/options/", second_factors.confirm_options, name="confirm_options"),
    path("account/confirm/passkey/", second_factors.confirm_passkey, name="confirm_passkey"),
    path("account/second-step/", second_factors.overview, name="second_factors"),
    path("account/second-step/authenticator/", second_factors.authenticator, name="authenticator"),
    path("account/second-step/authenticator/begin/", second_factors.authenticator_begin, name="authenticator_begin"),
    path("account/second-step/authenticator/remove/", second_factors.authenticator_remove, name="authenticator_remove"),
    path("account/second-step/passkeys/", second_factors.passkey_new, name="passkey_new"),
    path("account/second-step/passkeys/options/", second_factors.passkey_options, name="passkey_options"),
    path(
        "account/second-step/passkeys/<uuid:passkey_id>/remove/",
        second_factors.passkey_remove,
        name="passkey_remove",
    ),
    path("account/second-step/recovery-codes/", second_factors.recovery_codes_renew, name="recovery_codes"),
    path("account/confirmed/", step_up.confirmed, name="confirmed"),
]
