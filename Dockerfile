# One image for every Airflow and every Spark process, so that driver, executors and DAGs run the same code.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless procps \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir uv==0.13.9

WORKDIR /opt/credit
COPY pyproject.toml uv.lock jars.lock LICENSE ./
COPY install install
RUN uv sync --frozen --no-dev --no-cache --compile-bytecode && .venv/bin/python install/jars.py

COPY config config
COPY expectations expectations
COPY jobs jobs
COPY plugins plugins
COPY dags dags
# Compiled here: who runs it may not write beside the code, and every Python worker of Spark would compile all of it anew.
RUN .venv/bin/python -m compileall -q install jobs plugins dags && .venv/bin/python install/classes.py

# Not root: raw objects hold personal data, and their folder is the owner's alone.
RUN useradd --uid 50000 --create-home credit && install -d -o credit -m 0700 /var/lib/credit
USER credit
ENV PATH=/opt/credit/.venv/bin:$PATH PYTHONPATH=/opt/credit PYTHONUNBUFFERED=1 CREDIT_HOME=/var/lib/credit
VOLUME /var/lib/credit
ENTRYPOINT ["python", "-m", "install.airflow_env"]
