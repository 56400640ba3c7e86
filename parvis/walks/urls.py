"""Addresses of walks."""

from __future__ import annotations

from parvis.walks import (
    account_urls,
    desk_urls,
    foot_urls,
    paper_urls,
    prepare_urls,
    receive_urls,
    return_urls,
)

app_name = "walks"
urlpatterns = [
    *prepare_urls.urlpatterns,
    *paper_urls.urlpatterns,
    *foot_urls.urlpatterns,
    *receive_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *account_urls.urlpatterns,
    *return_urls.urlpatterns,
]
