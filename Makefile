# On a fresh machine: `make demo` shows what Voxhost does, `make test` proves it. Both install what they need.

NPM_INSTALL = npm ci --no-audit --no-fund --loglevel=error
TSX = node --import=tsx
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: demo test check fix proto build pack bench zoo contract check-cpp cuda clean help

help: ## shows this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: node_modules/.package-lock.json ## installs, starts a host, extracts a brain from a real head MRI, shows the result
	@$(TSX) scripts/demo.ts

test: node_modules/.package-lock.json ## installs and runs every test
	ava

check: node_modules/.package-lock.json ## formatter, linter, types, protocol: everything that needs no run
	biome ci .
	tsc --noEmit
	buf lint
	buf breaking --against proto/released.binpb
	node scripts/proto.mjs --check

fix: node_modules/.package-lock.json ## formats, and mends what the linter can
	biome check --write .

proto: node_modules/.package-lock.json ## regenerates what comes from the .proto files
	node scripts/proto.mjs

build: node_modules/.package-lock.json ## compiles to dist/
	npm run build

pack: node_modules/.package-lock.json ## makes the npm package
	npm pack

bench: node_modules/.package-lock.json ## runs the benchmarks (benchmarks/README.md)
	$(TSX) benchmarks/run-all.ts

zoo: node_modules/.package-lock.json ## ZOO=FOLDER: runs MONAI's model zoo here and, with VOXHOST_MONAI_PYTHON, beside MONAI
	$(TSX) scripts/zoo/main.ts $(ZOO)

contract: node_modules/.package-lock.json ## holds every conversation in every client, writes docs/clients/contract.md
	$(TSX) test/contract/main.ts

check-cpp: node_modules/.package-lock.json ## the C++ client under sanitizers, with ITK and by FetchContent
	$(TSX) test/clients/cpp/check.ts

cuda: node_modules/.package-lock.json ## fetches ONNX Runtime's CUDA and TensorRT libraries (Linux x64, large)
	node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12

clean: ## removes what can be made again
	rm -rf node_modules dist .cache demo

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	$(NPM_INSTALL)
	@touch $@
