"""How gunicorn serves Django: `gunicorn django_admin.wsgi` finds this file in the working directory."""

import os

bind = f"0.0.0.0:{os.environ.get('DJANGO_PORT', '8000')}"
workers = int(os.environ.get("DJANGO_WORKERS", "1"))
threads = int(os.environ.get("DJANGO_THREADS", "4"))
worker_class = "gthread"
timeout = 30
graceful_timeout = 60
keepalive = 120  # longer than the edge keeps an idle connection (90 s), so that the edge is the one to close it
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- the heartbeat file must not wait for a disk
control_socket_disable = True  # the root file system is read-only and nobody would use it
accesslog = None
errorlog = "-"
forwarded_allow_ips = "*"  # only the edge and this release's own containers reach the port
max_requests = 5000
max_requests_jitter = 500
