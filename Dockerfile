# The product: one image for web, workers, beat and migrations.  docker build .
# The simulator of the providers has an image of its own:        docker build --target simulator .

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# a fixed number, so that volumes keep their owner from release to release
RUN groupadd --gid 10001 campanile \
    && useradd --uid 10001 --gid campanile --home-dir /srv/campanile --shell /usr/sbin/nologin campanile


FROM base AS packages
COPY requirements/base.txt /requirements/base.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements/base.txt


FROM packages AS files
WORKDIR /srv/campanile
COPY manage.py ./
COPY config ./config
COPY apps ./apps
COPY templates ./templates
COPY static ./static
COPY locale ./locale
ENV DJANGO_SETTINGS_MODULE=config.settings.build
RUN /venv/bin/python manage.py messages --compile \
    && /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q apps config


FROM base AS simulator-packages
COPY requirements/sandbox.txt /requirements/sandbox.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements/sandbox.txt


FROM base AS simulator
COPY --from=simulator-packages /venv /venv
WORKDIR /srv/campanile
COPY sandbox ./sandbox
USER 10001:10001
EXPOSE 8001 8025
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["/venv/bin/python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8001), 2)"]
CMD ["/venv/bin/python", "-m", "sandbox", "--host", "0.0.0.0", "--port", "8001", "--smtp-port", "8025"]


FROM base AS campanile
COPY --from=packages /venv /venv
COPY --from=files /srv/campanile /srv/campanile
# the only folder the product writes to
RUN install -d -o campanile -g campanile /srv/media
WORKDIR /srv/campanile
ENV PATH=/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/srv/campanile/build/static-root \
    MEDIA_ROOT=/srv/media \
    PROMETHEUS_MULTIPROC_DIR=/tmp/campanile-metrics
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz/live', timeout=2)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--max-requests", "5000", "--max-requests-jitter", "500", "--graceful-timeout", "25", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
