# The bot in one unprivileged container. Built in two stages, so that no compiler, pip or
# cache reaches the image that runs.
FROM python:3.13-slim-trixie AS build
COPY requirements/build.txt requirements/runtime.txt /src/requirements/
RUN python3 -m venv /app && \
    /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --require-hashes -r /src/requirements/build.txt -r /src/requirements/runtime.txt
COPY pyproject.toml README.md LICENSE /src/
COPY requirements/runtime.in /src/requirements/
COPY bot /src/bot
RUN /app/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
      --no-deps --no-build-isolation /src && \
    /app/bin/python -m pip uninstall --yes --quiet setuptools pip && \
    /app/bin/python -m compileall -q -j 0 /app/lib

FROM python:3.13-slim-trixie
# 65532 is nobody's: it exists on no host and owns no file here.
COPY --from=build /app /app
COPY lessons /lessons
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    TUTOR_LESSONS=/lessons \
    TUTOR_WEB_HOST=0.0.0.0
WORKDIR /
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["tutor", "health"]
ENTRYPOINT ["tutor"]
CMD ["serve"]
