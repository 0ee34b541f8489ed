"""The pages beside the admin: the health answer."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
@never_cache
def health(_: HttpRequest) -> JsonResponse:
    """Tell whether Django and its database are up: 200, or 503 with the same members."""
    is_up = is_database_up()
    status = HTTPStatus.OK if is_up else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ok": is_up, "service": "django", "db_ok": is_up, "release": settings.RELEASE}, status=status)


def is_database_up() -> bool:
    """Run the smallest statement."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            cursor.fetchone()
    except Error as error:
        log.warning("database unavailable: %s", error)
        return False
    return True
