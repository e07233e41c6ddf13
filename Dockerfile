# The bot in one unprivileged container. Stages: `editor` builds the page's code editor, `build`
# makes the virtual environment, `test` adds the tests (docker build --target test), the last one
# is what runs: no compiler, pip, Node or cache reaches it.
#
# The base is named by its tag, so that a build brings the base's security updates along; to build
# the very same image again, name it by digest: --build-arg BASE=python:3.13-slim-trixie@sha256:...
ARG BASE=python:3.13-slim-trixie
FROM ${BASE} AS editor
# Node trusts the certificates that the base image trusts, as pip does.
ENV NODE_OPTIONS=--use-system-ca
COPY requirements/editor.txt /src/requirements/
RUN python3 -m venv /node && \
    /node/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --require-hashes -r /src/requirements/editor.txt
COPY tools/editor /src/tools/editor
WORKDIR /src/tools/editor
RUN export PATH=/node/bin:$PATH && mkdir -p /src/bot/platforms/web/static && \
    npm ci --ignore-scripts --no-audit --no-fund && node build.js

FROM ${BASE} AS build
COPY requirements/build.txt requirements/runtime.txt /src/requirements/
# What comes as source alone is built with the setuptools that is pinned here, not with a newer one.
RUN python3 -m venv /app && \
    /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --require-hashes -r /src/requirements/build.txt && \
    /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --require-hashes --no-build-isolation -r /src/requirements/runtime.txt
COPY pyproject.toml MANIFEST.in README.md LICENSE /src/
COPY requirements/runtime.in /src/requirements/
COPY lessons /src/lessons
COPY bot /src/bot
COPY --from=editor /src/bot/platforms/web/static /src/bot/platforms/web/static
RUN /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --no-deps --no-build-isolation /src

FROM build AS test
COPY requirements/dev.txt /src/requirements/
RUN /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --require-hashes --no-build-isolation -r /src/requirements/dev.txt
COPY tests /src/tests
# Read by others than root, whatever the umask of the checkout was.
RUN chmod -R a+rX /app /src
ENV PATH=/app/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
USER 65532:65532
ENTRYPOINT ["python", "-m", "pytest", "-p", "no:cacheprovider"]

FROM build AS slim
RUN /app/bin/python -m pip uninstall --yes --quiet setuptools pip && \
    python3 -m compileall -q -j 0 /app/lib && \
    chmod -R a+rX /app

FROM ${BASE}
COPY --from=slim /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    TUTOR_IN_CONTAINER=true
WORKDIR /
# 65532 is nobody's: no such user on any host, and no file here is its own.
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["tutor", "health"]
ENTRYPOINT ["tutor"]
CMD ["serve"]
