# Thin on purpose: the work is in scripts/. `make` alone tells what there is.
PYTHON ?= python3
ARGS ?=
RUN = .venv/bin/python -m

.PHONY: help setup lab test bench format picture clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/  make \1\t/p' Makefile

setup:  ## all that tests need, in .venv and node_modules
	@$(PYTHON) -m scripts.setup

lab:  ## open the tour in JupyterLab (ARGS="--no-browser --port=9999")
	@$(PYTHON) -m scripts.setup lab
	@$(RUN) scripts.lab $(ARGS)

test: setup  ## every gate and every test (ARGS="-k tree" for some)
	@$(RUN) scripts.check $(ARGS)

bench:  ## the measurements, beside other libraries (ARGS="--quick --rows call,cast")
	@$(PYTHON) -m scripts.setup bench
	@$(RUN) benchmarks $(ARGS)

format: setup  ## let the formatters have their way
	@$(RUN) scripts.format

picture: setup  ## the documentation's pictures, from the real page
	@$(RUN) scripts.picture $(ARGS)
	@$(RUN) scripts.panels

clean:  ## back to a fresh clone: removes all that .gitignore names
	@git clean -fdXq
