from django.urls import path

from parvis.reports.views import files, filing, following, handling, listing, reading, wording

app_name = "reports"
urlpatterns = [
    path("signaler/", filing.where, name="where"),
    path("signaler/quoi/", filing.what, name="what"),
    path("signaler/attention/", filing.stop, name="stop"),
    path("signaler/dire/", filing.tell, name="tell"),
    path("signaler/photos/<str:token>/", files.draft_photo, name="draft_photo"),
    path("signaler/moi-aussi/<str:reference>/", filing.join, name="join"),
    path("suivre/", following.by_code, name="follow"),
    path("suivre/<str:token>/", following.follow, name="follow"),
    path("suivre/<str:token>/ajouter/", following.speak, name="speak"),
    path("suivre/<str:token>/regle/", following.say_settled, name="say_settled"),
    path("suivre/<str:token>/pas-encore/", following.say_not_yet, name="say_not_yet"),
    path("suivre/<str:token>/retirer/", following.withdraw, name="withdraw"),
    path("suivre/<str:token>/oublier/", following.erase_contact, name="erase_contact"),
    path("suivre/<str:token>/photos/<int:pk>/<str:size>.jpg", files.own_photo, name="own_photo"),
    path("photos/<int:pk>/<str:size>.jpg", files.photo, name="photo"),
    path("signalements/", listing.reports, name="list"),
    path("signalements/carte.json", listing.map_data, name="map"),
    path("signalements/territoire.json", listing.territory, name="territory"),
    path("signalements/export.csv", listing.export, name="export"),
    # By reference for people; by number (a redirection) for links made from a number alone.
    path("signalements/<str:reference>/", reading.report, name="report"),
    path("signalements/<str:reference>/relire/", handling.review, name="review"),
    path("signalements/<str:reference>/confier/", handling.assign, name="assign"),
    path("signalements/<str:reference>/repondre/", handling.answer, name="answer"),
    path("signalements/<str:reference>/noter/", handling.note, name="note"),
    path("parts/<int:pk>/confier/", handling.give, name="give"),
    path("parts/<int:pk>/relancer/", handling.chase, name="chase"),
    path("parts/<int:pk>/annuler/", handling.undo, name="undo"),
    path("parts/<int:pk>/m-en-charger/", handling.mine, name="mine"),
    path("parts/<int:pk>/etape/<slug:code>/", handling.advance, name="advance"),
    path("reponses-types/", wording.templates, name="templates"),
    path("reponses-types/nouvelle/", wording.new_template, name="new_template"),
    path("reponses-types/<int:pk>/modifier/", wording.edit_template, name="edit_template"),
    path("reponses-types/<int:pk>/enlever/", wording.remove_template, name="remove_template"),
    path("a-rappeler/", handling.callbacks, name="callbacks"),
    path("a-rappeler/<int:pk>/fait/", handling.tick, name="tick"),
]
