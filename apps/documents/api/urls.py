from django.urls import path

from . import documents

app_name = "documents_api"
urlpatterns = [
    path("document-kinds", documents.kind_list, name="kinds"),
    path("document-kinds/usual", documents.usual, name="usual"),
    path("document-kinds/<uuid:kind_id>", documents.kind, name="kind"),
    path("document-kinds/<uuid:kind_id>/archiving", documents.kind_archive, name="kind_archive"),
    path("associations/<uuid:association_id>/documents", documents.association_documents, name="documents"),
    path("associations/<uuid:association_id>/money-look", documents.money_look, name="money_look"),
    path("document-versions/<uuid:version_id>/acceptance", documents.acceptance, name="acceptance"),
    path("document-versions/<uuid:version_id>/changes", documents.changes, name="changes"),
    path("document-requests", documents.asking_many, name="asking"),
    path("money-sight", documents.sights, name="sights"),
]
