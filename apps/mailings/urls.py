from django.urls import path

from .views import board, people, school

app_name = "mailings"
OF = "associations/<uuid:association_id>/announcements"
ONE = "announcements/<uuid:announcement_id>"
urlpatterns = [
    path(f"{OF}/", board.announcement_list, name="list"),
    path(f"{OF}/new/", board.announcement_new, name="new"),
    path(f"{OF}/preview/", board.preview, name="preview"),
    path(f"{OF}/texts/", board.text_list, name="texts"),
    path(f"{OF}/block/", school.block, name="block"),
    path(f"{OF}/unblocking/", school.unblock, name="unblock"),
    path("announcements/", school.oversight, name="oversight"),
    path("announcements/subscriptions/", people.subscriptions, name="subscriptions"),
    path("announcements/unsubscribe/<str:token>/", people.unsubscribe, name="unsubscribe"),
    path("announcements/texts/<uuid:text_id>/deletion/", board.text_delete, name="text_delete"),
    path(f"{ONE}/", board.announcement_detail, name="detail"),
    path(f"{ONE}/read/", people.read, name="read"),
    path(f"{ONE}/edit/", board.announcement_edit, name="edit"),
    path(f"{ONE}/progress/", board.progress, name="progress"),
    path(f"{ONE}/deletion/", board.announcement_delete, name="delete"),
    path(f"{ONE}/test/", board.announcement_test, name="test"),
    path(f"{ONE}/submission/", board.announcement_submit, name="submit"),
    path(f"{ONE}/withdrawal/", board.announcement_take_back, name="take_back"),
    path(f"{ONE}/stop/", board.announcement_stop, name="stop"),
    path(f"{ONE}/approval/", school.decide, {"act": "approve"}, name="approve"),
    path(f"{ONE}/return/", school.decide, {"act": "return"}, name="return"),
]
