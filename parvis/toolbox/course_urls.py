"""Addresses of courses, of their dates and of who enrols."""

from django.urls import URLPattern, path

from parvis.toolbox import (
    course_desk_views,
    course_paper_views,
    course_seat_views,
    course_views,
)

urlpatterns: list[URLPattern] = [
    path("formations/", course_views.courses, name="courses"),
    path("formations/nouvelle/", course_desk_views.new, name="course_new"),
    path("formations/mes-inscriptions/", course_seat_views.mine, name="course_mine"),
    path("formations/inscription/<str:token>/", course_seat_views.seat, name="course_seat"),
    path(
        "formations/inscription/<str:token>/retirer/",
        course_seat_views.leave,
        name="course_leave",
    ),
    path(
        "formations/inscription/<str:token>/documents/<int:pk>/",
        course_paper_views.seat_paper,
        name="course_seat_paper",
    ),
    path(
        "formations/inscriptions/<int:pk>/retirer/",
        course_seat_views.withdraw,
        name="enrolment_withdraw",
    ),
    path("formations/<int:pk>/", course_views.course, name="course"),
    path("formations/<int:pk>/agenda.ics", course_paper_views.ics, name="course_calendar"),
    path("formations/<int:pk>/affiche.pdf", course_paper_views.poster, name="course_poster"),
    path("formations/<int:pk>/inscription/", course_seat_views.enrol, name="course_enrol"),
    path("formations/<int:pk>/je-participe/", course_seat_views.join, name="course_join"),
    path("formations/<int:pk>/collegues/", course_seat_views.send, name="course_send"),
    path("formations/<int:pk>/inscrits/", course_seat_views.people, name="course_people"),
    path(
        "formations/<int:pk>/inscrits/coordonnees/",
        course_seat_views.contacts,
        name="course_contacts",
    ),
    path("formations/<int:pk>/modifier/", course_desk_views.edit, name="course_edit"),
    path("formations/<int:pk>/publier/", course_desk_views.publish, name="course_publish"),
    path("formations/<int:pk>/annuler/", course_desk_views.cancel, name="course_cancel"),
    path("formations/<int:pk>/supports/", course_desk_views.materials, name="course_materials"),
    path("formations/<int:pk>/dates/", course_desk_views.date_new, name="course_date_new"),
    path(
        "formations/<int:pk>/dates/<int:date>/",
        course_desk_views.date_edit,
        name="course_date_edit",
    ),
    path(
        "formations/<int:pk>/dates/<int:date>/retirer/",
        course_desk_views.date_drop,
        name="course_date_drop",
    ),
    path(
        "formations/<int:pk>/documents/<int:paper>/",
        course_paper_views.paper,
        name="course_paper",
    ),
]
