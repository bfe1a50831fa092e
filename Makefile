# Everything that one does with Partita. It takes Go 1.26, Node 20 with npm, git and make.
GO ?= go
# Flags for "partita serve": make run ARGS="--addr 127.0.0.1:9000"
ARGS ?=
# The seeds of "make swarm".
FROM ?= 1
SEEDS ?= 2000
# The build is the same whether or not the work tree is clean.
export GOFLAGS := -buildvcs=false

# make without a word does not serve.
.DEFAULT_GOAL := help

.PHONY: help run build site generate test test-kafka swarm lint fmt bench bench-wire size screenshots clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: build ## build everything and serve it on 127.0.0.1:8080
	./bin/partita serve $(ARGS)

build: site ## the program with the site inside: bin/partita
	$(GO) build -trimpath -o bin/partita ./cmd/partita

site: ## static/dist: scripts, styles and the WASM engine
	$(GO) run ./cmd/bundle

generate: ## Go code of the templ pages
	$(GO) tool templ generate

test: ## install what the tests need, run all of them, count them
	$(GO) run ./cmd/check

test-kafka: ## Apache Kafka as referee: its tools, and the same work done there and here
	$(GO) run ./cmd/check referee

swarm: ## run seeds that try to break the cluster: make swarm FROM=1 SEEDS=2000
	$(GO) run ./cmd/partita trace --seed $(FROM) --seeds $(SEEDS)

lint: ## types, vet, formatting, generated code
	$(GO) run ./cmd/check site types vet format templ

fmt: ## format Go and templ
	gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go' | grep -v _templ.go)
	$(GO) tool templ fmt web

bench: site ## figures, native, and WASM built as the page's engine is
	$(GO) test -timeout 2h -run '^$$' -bench . -benchmem ./...
	flags="$$($(GO) run ./cmd/bundle -flags)" && \
	GOOS=js GOARCH=wasm GOEXPERIMENT=nogreenteagc $(GO) test $$flags -timeout 2h -run '^$$' -bench . -benchmem \
		-exec="$$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" ./engine/...

bench-wire: ## the wire protocol with real clients, against kfake: throughput, processor, memory, latency
	$(GO) test -tags bench -count=1 -timeout 4h -v -run TestBenchWire ./web/kafka | grep -v -e '^=== ' -e '^ *---'

size: ## where the bytes of the WASM engine went, by package
	$(GO) run ./cmd/bundle -size

screenshots: site ## pictures of the pages, in screenshots/
	mkdir -p screenshots
	PARTITA_SCREENSHOTS=$(CURDIR)/screenshots $(GO) test -count=1 -v -run TestScreenshots ./web/e2e

clean: ## remove everything that was built
	rm -rf bin screenshots web/ui/node_modules
	find static/dist -mindepth 1 ! -name .keep -delete
