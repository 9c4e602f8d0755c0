# What a person types. Everything is installed into .venv and .jars; nothing is fetched during a night.
SHELL := /bin/bash
# Spark starts Python workers all the time: without bytecode each would compile our modules anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
PYTHON ?= python3.11
RUN := .venv/bin/python
HOME_FOLDER := $(or $(CREDIT_HOME),.credit)
AS_OF ?= 2026-11-20
# A night of few rows keeps one core busy: two workers, each with its own Spark and PostgreSQL, take the suite's two.
WORKERS ?= 2

.PHONY: help install night test rehearsal ui bench stop clean

help:  ## what can be typed here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## Python locked by uv.lock, Spark jars by jars.lock, Java 17, and an archive of the classes Spark starts with

.venv/installed: uv.lock jars.lock pyproject.toml install/python.sh install/java.sh install/jars.py install/classes.py
	@bash install/python.sh $(PYTHON)
	@bash install/java.sh
	@$(RUN) install/jars.py
	@$(RUN) install/classes.py
	@touch $@

$(HOME_FOLDER)/inbox: | install
	$(RUN) -m sample --to $(HOME_FOLDER)

night: install $(HOME_FOLDER)/inbox  ## install, generate the sample district where there is none, land its files, run the night
	$(RUN) -m jobs night --land --as-of $(AS_OF)

.tools/minio: install/minio.sh
	@bash install/minio.sh

test: install .tools/minio  ## the whole test suite, with the real components; a MinIO to test against is built where there is Go
	$(RUN) -m pytest -n $(WORKERS)

rehearsal: install .tools/minio  ## a night as production runs it: Spark master, worker and executor as processes, MinIO; minutes
	$(RUN) -m pytest -m rehearsal tests/production

ui: install  ## Airflow with every DAG loaded; address and login are printed
	$(RUN) -m install.ui start

bench: install  ## 1,000,000 facts timed stage by stage; every reader; 2 GB landed; matching beside Splink and Polars
	$(RUN) -m benchmarks
	$(RUN) -m benchmarks.readers --big
	VIRTUAL_ENV="$(CURDIR)/.venv" .venv/bin/uv sync --frozen --active --inexact --quiet --group bench
	$(RUN) -m benchmarks.matching

stop: install  ## stop Airflow and the embedded database
	$(RUN) -m install.ui stop
	$(RUN) -m jobs down
