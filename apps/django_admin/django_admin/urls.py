"""Routes: the health answer, and the admin with everything else pointing there."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from django_admin.views import health

admin.site.site_header = admin.site.site_title = "Slipway"

urlpatterns = [
    path("health", health),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
