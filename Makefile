# make run    the server with the embedded store and the sample project, on http://127.0.0.1:8080; STORE=postgres: on PostgreSQL
# make test   every test, with what the tests need installed first
# make check  what CI runs: format, build with warnings as errors, tests
# make soak   the long suites whole: 220 kills and as many on PostgreSQL, 3,000 model sequences and 400 there, 5,000,000 random evaluations
# make bench  the benchmarks, each beside its floor
# make bench-http  OFREP over HTTP, driven by wrk, beside its floor
# make dashboard  the dashboard alone, into dashboard/dist; `run` and `test` build it themselves
.PHONY: run dashboard test check soak bench bench-http format build clean

STORE ?= sqlite
DATA ?= data
URL ?= http://127.0.0.1:8080

run:
	@test "$(STORE)" = sqlite -o "$(STORE)" = postgres || { echo "STORE=$(STORE) is not available; there are sqlite and postgres."; exit 2; }
	@./eng/build-dashboard.sh || [ $$? = 3 ]
	@dotnet build src/Halyard.Server -c Release --nologo -v quiet -clp:ErrorsOnly
	@dotnet build src/Halyard.Cli -c Release --nologo -v quiet -clp:ErrorsOnly
	@Halyard__Database=$(DATA)/halyard.db Halyard__Sample=openshift=samples/openshift/history.jsonl Urls=$(URL) \
		$(if $(filter postgres,$(STORE)),./eng/run-postgres.sh $(DATA)) dotnet src/Halyard.Server/bin/Release/net10.0/halyard-server.dll

dashboard:
	@./eng/build-dashboard.sh

build:
	dotnet build Halyard.slnx --nologo -v quiet

format:
	dotnet tool restore
	dotnet csharpier format .

test:
	./eng/test.sh

check:
	dotnet tool restore
	dotnet csharpier check .
	./eng/test.sh

soak:
	HALYARD_SOAK=1 ./eng/test.sh

bench:
	dotnet run -c Release --project bench/Halyard.Benchmarks -- commits
	folder=$$(mktemp -d) && chmod 711 $$folder && ./eng/run-postgres.sh $$folder dotnet run -c Release --project bench/Halyard.Benchmarks -- postgres-commits
	dotnet run -c Release --project bench/Halyard.Benchmarks -- import
	dotnet build src/Halyard.Server -c Release --nologo -v quiet -clp:ErrorsOnly
	dotnet run -c Release --project bench/Halyard.Benchmarks -- startup src/Halyard.Server/bin/Release/net10.0/halyard-server
	dotnet run -c Release --project bench/Halyard.Benchmarks -- compare
	dotnet run -c Release --project bench/Halyard.Benchmarks -- scaling
	dotnet run -c Release --project bench/Halyard.Benchmarks -- snapshot
	dotnet run -c Release --project bench/Halyard.Benchmarks -- tracking
	dotnet run -c Release --project bench/Halyard.Benchmarks -- rego

bench-http:
	./eng/install-bench-needs.sh
	dotnet build src/Halyard.Server -c Release --nologo -v quiet -clp:ErrorsOnly
	dotnet run -c Release --project bench/Halyard.Benchmarks -- http src/Halyard.Server/bin/Release/net10.0/halyard-server

clean:
	git clean -xfd -e data -e node_modules
