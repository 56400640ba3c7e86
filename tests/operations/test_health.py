from django.db import DatabaseError, connection


def test_healthz_answers_when_the_database_does(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_healthz_says_503_when_the_database_is_away(client, db, monkeypatch):
    def away(*args):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        assert client.get("/healthz").status_code == 503
