# The commands of the project; `make` lists them.

ALONE = CellExecutionTests|NotebookSessionTests|NotebookKernelTests|ServingTests|DataPipelinesTests.Download
SOURCES = Sources Tests Package.swift

.DEFAULT_GOAL := help
.PHONY: help start lab test verify bench check format clean bootstrap

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1|/p' Makefile | awk -F '|' '{ printf "%-14s%s\n", $$1, $$2 }'

start: bootstrap ## set up the machine, build, and train on the hand-written digits
	swift build -c release --product glassbox
	.build/release/glassbox train digits

lab: ## set up the machine and JupyterLab, and open Swift notebooks
	@scripts/bootstrap notebooks
	swift build -c release --product glassbox
	.build/release/glassbox lab

test: bootstrap ## set up the machine, build, run all tests, and check the format
	scripts/test --skip '$(ALONE)'
	scripts/test --filter '$(ALONE)' --no-parallel  # what waits for others, with limits
	@$(MAKE) --no-print-directory check

verify: ## have Vega-Lite draw charts, TensorBoard read logs, compare embeddings, and Jupyter and a browser use notebooks and a served model
	@scripts/bootstrap notebooks
	scripts/verify-charts
	scripts/verify-tensorboard
	scripts/verify-embeddings
	scripts/verify-notebooks
	scripts/verify-serving

bench: bootstrap ## measure Glassbox beside PyTorch and scikit-learn, and its notebooks
	scripts/bench
	scripts/bench-classic
	scripts/bench-notebooks

check: ## check the format of the sources
	swift format lint --strict --recursive $(SOURCES)

format: ## format the sources
	swift format --in-place --recursive $(SOURCES)

clean: ## remove what was built
	swift package clean

bootstrap:
	@scripts/bootstrap
