# The command with its page and a PostgreSQL to load schemas into. Models are imported by the project's own Python:
# begin a Dockerfile with this image and install the project, or use `--python "docker compose exec -T app python"`.
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS installed
ARG VERSION=0.1.0
RUN python -m venv /opt/driftglass \
    && /opt/driftglass/bin/pip install --no-cache-dir --disable-pip-version-check "driftglass==${VERSION}" \
    && /opt/driftglass/bin/pip uninstall --yes pip

FROM python:${PYTHON}
COPY --from=installed /opt/driftglass /opt/driftglass
ENV PATH="/opt/driftglass/bin:$PATH"
RUN useradd --system --uid 10001 --create-home driftglass
USER 10001
WORKDIR /project
ENTRYPOINT ["driftglass"]
CMD ["--help"]
