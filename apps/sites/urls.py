from django.urls import path

from .views import editing, public

app_name = "sites"
urlpatterns = [
    path("site/", public.site_list, name="list"),
    path("site/<slug:slug>/", public.site, name="site"),
    path("associations/<uuid:association_id>/site/", editing.site_edit, name="edit"),
    path("associations/<uuid:association_id>/site/publish/", editing.site_publish, name="publish"),
    path("associations/<uuid:association_id>/site/withdraw/", editing.site_withdraw, name="withdraw"),
    path("associations/<uuid:association_id>/site/try/", editing.site_try, name="try"),
    path("associations/<uuid:association_id>/site/as/<slug:audience>/", editing.site_as, name="as"),
]
