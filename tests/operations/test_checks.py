from parvis.operations.checks import ready_for_the_public, sound_settings


def ids(messages):
    return [message.id for message in messages]


def test_the_demonstration_is_refused_on_a_public_address(settings):
    settings.DEMO, settings.HTTPS, settings.SITE_URL = True, True, "https://parvis.test"
    assert ids(sound_settings(None)) == ["parvis.E001"]


def test_an_address_without_a_scheme_is_refused(settings):
    settings.DEMO, settings.SITE_URL = False, "parvis.test"
    assert ids(sound_settings(None)) == ["parvis.E002"]


def test_an_installation_without_mail_is_warned(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.DEFAULT_FROM_EMAIL, settings.HASHED_STATIC = "parvis@town.test", True
    assert ids(ready_for_the_public(None)) == ["parvis.W001"]
