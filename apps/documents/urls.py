from django.urls import path

from .views import association, school

app_name = "documents"
urlpatterns = [
    path("", school.review, name="review"),
    path("asking/", school.ask, name="ask"),
    path("kinds/", school.kind_list, name="kinds"),
    path("kinds/usual/", school.kind_adopt, name="kind_adopt"),
    path("kinds/new/", school.kind_create, name="kind_new"),
    path("kinds/<uuid:kind_id>/", school.kind_edit, name="kind"),
    path("kinds/<uuid:kind_id>/archive/", school.kind_archive, name="kind_archive"),
    path("sight/", school.sight_policy, name="sight"),
    path("versions/<uuid:version_id>/file/", association.download, name="download"),
    path("versions/<uuid:version_id>/acceptance/", association.accept, name="accept"),
    path("versions/<uuid:version_id>/changes/", association.ask_changes, name="changes"),
    path("associations/<uuid:association_id>/", association.documents, name="association"),
    path("associations/<uuid:association_id>/handing-in/", association.hand_in, name="hand_in"),
    path("associations/<uuid:association_id>/logo/", association.logo, name="logo"),
    path("associations/<uuid:association_id>/money/", school.open_money, name="open_money"),
]
